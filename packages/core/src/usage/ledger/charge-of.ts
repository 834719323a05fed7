import type { Outcome } from '../../client/middleware.ts'
import type { APIError } from '../../errors/api/api-error.ts'
import { BudgetExceededError } from '../../errors/budget-exceeded-error.ts'
import { isEnjambError } from '../../errors/enjamb-error.ts'
import { costOf } from '../../models/cost-of.ts'
import { type PricedUsage, usageByModel } from '../../models/usage-by-model.ts'
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
  /** Whether work may be billed that shows at the end of the answer only: compaction, advisors, fallbacks. */
  hidden?: boolean
}

/** How an attempt ended, as far as money goes. */
type Ending = 'unsent' | 'refused' | 'complete' | 'partial' | 'unknown'

/**
 * What each ending is charged:
 *
 * | ending | when | charge |
 * |---|---|---|
 * | unsent | a middleware, an abort or a refusal came first; no connection was made | nothing |
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
  const reply: Partial<Message> = Object(outcome.value)
  const { usage, content = [] } = reply
  if (ending === 'complete') return countsOf(usage!, terms, reply)
  const all: UsageCounts = {
    ...noCounts,
    calls: 1,
    unpricedCalls: terms.reservedNanoUsd === undefined ? 1 : 0,
    nanoUsd: terms.reservedNanoUsd ?? 0,
  }
  // Searches and what they bring into the prompt are counted at the end only.
  if (ending === 'unknown' || terms.hidden || content.some(({ type }) => type === 'server_tool_use')) return all
  const written = Math.max(usage!.output_tokens ?? 0, outputBound(content, terms))
  const counts = countsOf({ ...usage, output_tokens: written }, terms, reply)
  return { ...counts, nanoUsd: Math.min(counts.nanoUsd, terms.reservedNanoUsd ?? counts.nanoUsd) }
}

/**
 * Failures to connect, and certificates that were not trusted: the API has seen nothing of the request. The last two are
 * what Bun and Deno have in the place of the first. A browser never says why.
 */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ConnectionRefused|FailedToOpenSocket)$/

function endingOf({ sent, response, value, error }: Outcome): Ending {
  // Another meter, behind this one, may have had the prompt counted before it refused.
  if (!sent || error instanceof BudgetExceededError || (!response && isUnconnected(error))) return 'unsent'
  const { usage, stop_reason: stopped, content } = Object(value) as Partial<Message>
  const metered = typeof usage?.input_tokens === 'number'
  if (metered && (error === undefined || stopped)) return 'complete'
  // An error that a middleware made up says nothing about the API.
  const { status = response?.status ?? 0, type } = (isEnjambError(error) ? error : {}) as Partial<APIError>
  // A gateway's 502 or 504, which has no type, may well hide an answer.
  if (!content?.length && ((status >= 300 && status < 500) || (status >= 500 && type))) return 'refused'
  return metered ? 'partial' : 'unknown'
}

/** Whether no request can have reached the API. */
function isUnconnected(error: unknown): boolean {
  // Of a fetch that was passed in, and refuses to send: a client of a cloud, or one whose package is not installed.
  if (isEnjambError(error) && error.code === 'config') return true
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
 * The counts of one call, of all models that worked for it. Without a price, or with counts that are none, it costs what
 * was reserved for it, if anything was.
 *
 * @param reply names the model, for which a gateway may have a name of its own, and whether it refused
 */
export function countsOf(usage: PricedUsage, terms: ChargeTerms, reply: Partial<Message> = {}): UsageCounts {
  const answeredBy = String(reply.model ?? terms.model)
  const parts = usageByModel(answeredBy, usage)
  const cost = costOf(answeredBy, usage, reply) ?? costOf(terms.model, usage, reply)
  const priced = cost && isCount(cost.nanoUsd) && parts.every(({ counts }) => isSound(counts))
  const sum = (of: (counts: PricedUsage) => number) => parts.reduce((total, { counts }) => total + of(counts), 0)
  return {
    calls: 1,
    unpricedCalls: priced ? 0 : 1,
    inputTokens: sum((counts) => whole(counts.input_tokens)),
    outputTokens: sum((counts) => whole(counts.output_tokens)),
    cacheWriteTokens: sum(({ cache_creation: created, cache_creation_input_tokens: all }) =>
      Math.max(whole(all), whole(created?.ephemeral_5m_input_tokens) + whole(created?.ephemeral_1h_input_tokens)),
    ),
    cacheReadTokens: sum((counts) => whole(counts.cache_read_input_tokens)),
    nanoUsd: priced ? cost.nanoUsd : (terms.reservedNanoUsd ?? 0),
  }
}

/** Whether all counts are counts, as far as they are there: a negative one would hide what another costs. */
function isSound({ cache_creation: created, server_tool_use: used, ...counts }: PricedUsage): boolean {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = counts
  return [
    ...[input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens],
    ...[created?.ephemeral_5m_input_tokens, created?.ephemeral_1h_input_tokens, used?.web_search_requests],
  ].every((count) => count == null || isCount(count))
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** What a server says is checked: one count that is none would spoil every sum. */
function whole(value: unknown): number {
  return isCount(value) ? value : 0
}
