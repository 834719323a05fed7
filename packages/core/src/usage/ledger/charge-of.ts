import type { Outcome } from '../../client/middleware.ts'
import type { APIError } from '../../errors/api/api-error.ts'
import { isEnjambError } from '../../errors/enjamb-error.ts'
import { costOf } from '../../models/cost-of.ts'
import type { PricedUsage } from '../../models/usage-by-model.ts'
import type { Message } from '../../wire/index.ts'
import { byteLength } from '../bound/prompt-bound.ts'
import type { UsageCounts } from '../usage-store.ts'
import { noCounts } from './day-sums.ts'

/** What was set aside for a call, and on what terms. */
export interface ChargeTerms {
  model: string
  /** The most it can cost, in nano-dollars; `undefined` where that is not known, as of a model without a price. */
  reservedNanoUsd: number | undefined
  /** The most that the model may write. */
  maxTokens: number
}

/** How an attempt ended, as far as money goes. */
type Ending = 'unsent' | 'refused' | 'complete' | 'partial' | 'unknown'

/**
 * What each ending is charged:
 *
 * | ending | when | charge |
 * |---|---|---|
 * | unsent | a middleware or an abort came first; no connection was made | nothing |
 * | refused | the API answered with an error before any content: it does not bill those | nothing |
 * | complete | the answer is here, or at least its last usage | its usage, be it more than was reserved |
 * | partial | an aborted or broken stream | its first usage; output by what arrived, rounded up; at most what was reserved |
 * | unknown | it was sent, and nothing says what came of it: timeout, reset, a gateway's error page | all that was reserved |
 *
 * @returns `undefined` for nothing
 */
export function chargeOf(outcome: Outcome, terms: ChargeTerms): UsageCounts | undefined {
  const ending = endingOf(outcome)
  if (ending === 'unsent' || ending === 'refused') return undefined
  const { usage, model, content = [] } = Object(outcome.value) as Partial<Message>
  if (ending === 'complete') return countsOf(usage!, terms, model)
  const all: UsageCounts = {
    ...noCounts,
    calls: 1,
    unpricedCalls: terms.reservedNanoUsd === undefined ? 1 : 0,
    nanoUsd: terms.reservedNanoUsd ?? 0,
  }
  // Searches and what they bring into the prompt are counted at the end only.
  if (ending === 'unknown' || content.some(({ type }) => type === 'server_tool_use')) return all
  const written = Math.max(usage!.output_tokens ?? 0, outputBound(content, terms))
  const counts = countsOf({ ...usage, output_tokens: written }, terms, model)
  return { ...counts, nanoUsd: Math.min(counts.nanoUsd, terms.reservedNanoUsd ?? counts.nanoUsd) }
}

/**
 * Failures to connect, and certificates that were not trusted: the API has seen nothing of the request. The last two are
 * what Bun and Deno have in the place of the first. A browser never says why.
 */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ConnectionRefused|FailedToOpenSocket)$/

function endingOf({ sent, response, value, error }: Outcome): Ending {
  if (!sent || (!response && isUnconnected(error))) return 'unsent'
  const { usage, stop_reason: stopped, content } = Object(value) as Partial<Message>
  const metered = typeof usage?.input_tokens === 'number'
  if (metered && (error === undefined || stopped)) return 'complete'
  // An error that a middleware made up says nothing about the API.
  const { status = response?.status ?? 0, type } = (isEnjambError(error) ? error : {}) as Partial<APIError>
  // A gateway's 502 or 504, which has no type, may well hide an answer.
  if (!content?.length && ((status >= 300 && status < 500) || (status >= 500 && type))) return 'refused'
  return metered ? 'partial' : 'unknown'
}

function isUnconnected(error: unknown): boolean {
  const seen = new Set()
  for (let cause = Object(error); cause.cause && !seen.has(cause); cause = Object(cause.cause)) {
    seen.add(cause)
    if (unconnected.test(Object(cause.cause).code)) return true
  }
  return false
}

/**
 * A token of text is at least a byte. Of anything else not all that was written arrives, or not in the message: thinking
 * may be hidden, a tool's input is there once it is whole.
 */
function outputBound(content: Message['content'], { maxTokens }: ChargeTerms): number {
  if (!content.every(({ type }) => type === 'text')) return maxTokens
  return Math.min(
    content.reduce((sum, block) => sum + byteLength(JSON.stringify(block)), 0),
    maxTokens,
  )
}

/**
 * The counts of one call. Without a price, or with counts that are none, it costs what was reserved for it, if anything
 * was.
 *
 * @param answeredBy the model that the answer names: a gateway may have a name of its own for it
 */
export function countsOf(usage: PricedUsage, terms: ChargeTerms, answeredBy: unknown = terms.model): UsageCounts {
  const cost = costOf(String(answeredBy), usage) ?? costOf(terms.model, usage)
  const priced = cost && isCount(cost.nanoUsd)
  const created = usage.cache_creation
  const written = whole(created?.ephemeral_5m_input_tokens) + whole(created?.ephemeral_1h_input_tokens)
  return {
    calls: 1,
    unpricedCalls: priced ? 0 : 1,
    inputTokens: whole(usage.input_tokens),
    outputTokens: whole(usage.output_tokens),
    cacheWriteTokens: Math.max(whole(usage.cache_creation_input_tokens), written),
    cacheReadTokens: whole(usage.cache_read_input_tokens),
    nanoUsd: priced ? cost.nanoUsd : (terms.reservedNanoUsd ?? 0),
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** What a server says is checked: one count that is none would spoil every sum. */
function whole(value: unknown): number {
  return isCount(value) ? value : 0
}
