import type { MessageParams, Middleware } from '@enjamb/core'
import { summaryPrompt } from '../../context/compaction/summary-prompt.ts'
import type { ErrorFacts } from '../../journal/error-facts.ts'
import { contentText } from '../text/content-text.ts'
import { type Compared, findDifference } from './find-difference.ts'
import type { RecordedCall } from './recorded-calls.ts'
import type { Exchange } from './recorded-exchanges.ts'
import { ReplayError, requestDiffers } from './replay-error.ts'
import type { FindCall } from './replay-tools.ts'
import { toResponse } from './to-response.ts'

/** Whoever has a session do what had come from outside of it. */
interface Conductor {
  /** Resolves when all had been said and decided that was before an entry. */
  reached(seq: number): Promise<void>
  /** Resolves when all was written that was before an entry, as far as it will be. */
  played(seq: number): Promise<void>
  /** All that there was of a reply has been read: somebody is to end it, or to throw that at the last of its text. */
  onStall(thrown?: ErrorFacts): void
}

/** Gives recorded answers, in their order. */
export interface Player {
  readonly middleware: Middleware
  /** The exchange that comes next. */
  readonly next: Exchange | undefined
  readonly left: number
  find: FindCall
  /** What the record has of a call in the reply that came last. */
  callOf(id: string): RecordedCall | undefined
  /** How many wait until somebody ends what they are in. */
  readonly waiting: number
  /** @throws the signal's reason, when it aborts */
  untilAborted(signal: AbortSignal): Promise<never>
  /** Passes over requests that belong to entries before this one. */
  skipTo(seq: number): void
  conductor: Conductor | undefined
}

export function playExchanges(exchanges: readonly Exchange[]): Player {
  const compared: Compared = new WeakMap()
  let next = 0
  let last: Exchange | undefined
  let waiting = 0
  /** The last one that has calls. */
  let reply: Exchange | undefined

  const middleware: Middleware = async (request) => {
    const params = Object(request.params) as MessageParams & { stream?: boolean }
    const path = new URL(request.url).pathname
    if (path.endsWith('/messages/count_tokens')) return Response.json({ input_tokens: tokensOf(exchanges[next]) })
    if (!path.endsWith('/v1/messages'))
      throw new ReplayError(`The record has no request of ${request.method} ${path}.`, {})
    // Asked once more, it fails once more.
    if (!request.attempt || !last) last = take(params)
    const { conductor } = player
    await conductor?.reached(last.seq)
    if (last.answer.type === 'nothing') return player.untilAborted(request.signal)
    const { answer } = last
    const cue = hasBegun(last) ? conductor?.played : undefined
    return toResponse(answer, params, { signal: request.signal, ...conductor, played: cue && (() => cue(last!.seq)) })
  }

  function take(params: MessageParams): Exchange {
    const exchange = exchanges[next]
    if (isSummaryRequest(params)) return takeSummary(exchange)
    if (!exchange) throw new ReplayError(`The record ends after ${next} requests, and this is one more.`, {})
    const difference = findDifference(exchange.request, params, compared)
    if (difference) throw requestDiffers(next + 1, difference)
    // Why else would its history have been put into a summary?
    if (exchange.answer.type === 'summary') return { ...exchange, answer: { type: 'error', error: tooLong } }
    next++
    if ('message' in exchange.answer) reply = exchange
    return exchange
  }

  function takeSummary(exchange: Exchange | undefined): Exchange {
    // A long history is read in pieces, and what fails is tried in another way; the record has the sum of what that cost.
    if (exchange?.answer.type !== 'summary' && last?.answer.type === 'summary') {
      return { ...last, answer: { ...last.answer, usage: undefined } }
    }
    if (exchange?.answer.type === 'summary') {
      next++
      return exchange
    }
    throw new ReplayError('The record has no summary of the history here, and one is asked for.', {})
  }

  const player: Player = {
    middleware,
    get next() {
      return exchanges[next]
    },
    get left() {
      return exchanges.length - next
    },
    get waiting() {
      return waiting
    },
    async untilAborted(signal) {
      waiting++
      try {
        return await untilAborted(signal)
      } finally {
        waiting--
      }
    },
    callOf: (id) => reply?.calls.get(id),
    async find(id, name, signal) {
      const call = reply?.calls.get(id)
      if (call?.result && !call.end) {
        await player.conductor?.reached(call.result.seq)
        return { result: call.result, spent: call.spent.splice(0).map(({ model, usage }) => ({ model, usage })) }
      }
      // It was cut off, and is to be again.
      if (call && player.conductor && signal) await player.untilAborted(signal)
      throw new ReplayError(`The record has no result of call ${id} of ${name}.`, {})
    },
    skipTo(seq) {
      while (exchanges[next] && exchanges[next]!.seq < seq) next++
    },
    conductor: undefined,
  }
  return player
}

/** Had calls begun, or been answered, before the reply was whole? */
function hasBegun({ calls, seq }: Exchange): boolean {
  return [...calls.values()].some(({ begun, result }) => (begun ?? result ?? { seq }).seq < seq)
}

/** @throws the signal's reason */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

const tooLong = { name: 'InvalidRequestError', message: '400 invalid_request_error: prompt is too long' }

/** Does a session ask for a summary of its history: the API, or the model in words? */
function isSummaryRequest({ messages, ...params }: MessageParams): boolean {
  if ('compaction' in params && Object(params.compaction).type === 'summarize') return true
  return contentText(messages.at(-1)?.content).startsWith(summaryPrompt(undefined))
}

/** How long the prompt of a request was, all in all. */
function tokensOf(exchange: Exchange | undefined): number {
  if (!exchange || !('message' in exchange.answer)) return 0
  const { usage } = exchange.answer.message
  return usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0)
}
