import {
  BudgetExceededError,
  createUsageMeter,
  type Middleware,
  memoryUsageStore,
  type OutgoingRequest,
  onAbort,
  startTimer,
  type UsageMeter,
  type UsageStore,
} from '@enjamb/core'
import { type WatchedStore, watchStore } from './watch-store.ts'

/** What may be spent: every attempt of a request sets its worst case aside first. */
export interface SpendCap {
  readonly middleware: Middleware
  /** The same for summaries, which are of no use when they are cut off: they may write more, or are not asked for. */
  readonly forSummaries: Middleware
  /** Ids of the replies that end where no more was left for them. */
  readonly cutOff: Set<string>
  /** What is left, in dollars. */
  remaining(): Promise<number>
  /** Counts what was spent without asking, in dollars, by a program that makes its requests itself. */
  charge(usd: number): void
  /** Until all that is over is in its books. */
  settled(): Promise<unknown>
}

/** A budget of whatever kind. */
export type Budget = Pick<SpendCap, 'middleware'> & Partial<SpendCap>

export type NearlySpent = 'spent' | 'no room'

/** With fewer tokens than this, hardly any answer is of use. */
const answerTokens = 1_024
const summaryTokens = 4_096
/** A whole request takes no longer, as a rule. */
const longestWaitMs = 600_000
/** As many as one is to have that comes to an end. */
const lastOutputTokens = 4_096

export interface SpendCapOptions {
  /** What is spent of it already. */
  spentNanoUsd?: number | undefined
  /** Where its books are kept. Default in memory. */
  store?: UsageStore | undefined
  /** Another one, which has to allow each request, too. */
  within?: Budget | undefined
  /** Called once: when 80 % of it are spent, or a request had so little room left that few will come after it. */
  onNearlySpent?: ((why: NearlySpent) => void) | undefined
}

/**
 * A request that would not fit with its `max_tokens` is sent with as many as do: what it asks stays, as does the cache. One for
 * which nothing is left but what is set aside for others waits for these to end, as they seldom cost all of it.
 *
 * @param maxCost in dollars
 */
export function spendCap(
  maxCost: number,
  { spentNanoUsd = 0, store = memoryUsageStore(), within, onNearlySpent }: SpendCapOptions = {},
): SpendCap {
  let isTold = false
  function tell(why: NearlySpent): void {
    if (!isTold) onNearlySpent?.(why)
    isTold = true
  }
  let before: number | undefined
  /** The prompt may be dear enough that there is no room for an answer long before 80 % are spent. */
  function watchRoom(tokens: number): void {
    const drop = Math.max((before ?? tokens) - tokens, 0)
    before = tokens
    // The request that says so, and the one after it, have less by as much again.
    if (tokens < lastOutputTokens + 2 * drop) tell('no room')
  }
  // Of what is left when it is spent already, nothing can be bought; a budget of nothing is none.
  const left = Math.max(Math.round(maxCost * 1e9) - spentNanoUsd, 1) / 1e9
  const watched = watchStore(store)
  const meterFor = (minOutputTokens: number) =>
    createUsageMeter({
      store: watched.store,
      budgets: { default: { usd: left, period: 'total' } },
      thresholds: [Math.max(1 - (0.2 * maxCost) / left, 1e-9)],
      onThreshold: () => tell('spent'),
      count: 'api',
      minOutputTokens,
    })
  const meter = meterFor(answerTokens)
  const summaryMeter = meterFor(summaryTokens)
  const cutOff = within?.cutOff ?? new Set()
  let charged = 0
  // Whatever project a request names: it is this cap's.
  const through =
    ({ middleware }: UsageMeter, outer: Middleware | undefined): Middleware =>
    (request, next) => {
      const attempt = (request: OutgoingRequest, onPass: () => void) =>
        middleware({ ...request, project: undefined }, (sent) => {
          if (sent.url === request.url) onPass()
          if (outputOf(sent) < outputOf(request)) {
            watchRoom(outputOf(sent))
            request.onOutcome(({ value }) => {
              const { id, stop_reason: reason } = Object(value)
              if (reason === 'max_tokens') cutOff.add(id)
            })
          }
          return next({ ...sent, project: request.project })
        })
      const own = (request: OutgoingRequest) => whenThereIsRoom(watched, request, attempt)
      return outer ? outer(request, own) : own(request)
    }
  return {
    middleware: through(meter, within?.middleware),
    forSummaries: through(summaryMeter, within?.forSummaries ?? within?.middleware),
    cutOff,
    async remaining() {
      const { remaining } = await meter.stats()
      return Math.min(Math.max(remaining! - charged, 0), (await within?.remaining?.()) ?? Number.POSITIVE_INFINITY)
    },
    charge(usd) {
      charged += usd
      within?.charge?.(usd)
    },
    settled: () => Promise.all([meter.stats(), summaryMeter.stats()]),
  }
}

/** Tries again after each settlement, as long as there are any to come. */
async function whenThereIsRoom(
  { settlements, isWaitedFor, onSettlement }: WatchedStore,
  request: OutgoingRequest,
  attempt: (request: OutgoingRequest, onPass: () => void) => Promise<Response>,
): Promise<Response> {
  const { signal } = request
  for (;;) {
    const before = settlements()
    let hasPassed = false
    try {
      return await attempt(request, () => {
        hasPassed = true
      })
    } catch (error) {
      if (hasPassed || !(error instanceof BudgetExceededError)) throw error
      signal.throwIfAborted()
      if (settlements() !== before) continue
      if (!isWaitedFor()) throw error
      await new Promise<void>((resolve) => {
        const forget = [onSettlement(done), onAbort(signal, done), startTimer(longestWaitMs, done)]
        function done(): void {
          for (const one of forget) one()
          resolve()
        }
      })
      signal.throwIfAborted()
      // A tool may read one reply only as fast as it gets others.
      if (settlements() === before) throw error
    }
  }
}

function outputOf({ params }: OutgoingRequest): number {
  return Object(params).max_tokens
}
