import type { Outcome, OutgoingRequest } from '../client/middleware.ts'
import { parseRetryAfter } from '../http/retry-after.ts'
import { createBucket, type Told } from './bucket.ts'
import { createDemand } from './demand.ts'
import { parseRateLimits, type RateLimits } from './parse-rate-limits.ts'
import { createThrottle } from './throttle.ts'

/** Knows when the next request may leave. */
export interface Gate {
  /** How many have left and not ended. */
  readonly inFlight: number
  /** How long the server has asked everybody to stay away. */
  readonly pausedMs: number
  /** 0: it may leave now. Infinity: not before another one has ended. */
  waitMs(request: OutgoingRequest): number
  /** Lets one out. */
  open(request: OutgoingRequest): Trip
}

/** One request that has left. */
export interface Trip {
  /** Its answer has begun. */
  answered(response: Response): void
  end(outcome: Outcome): void
}

/** @param fast whether these are requests of speed `fast`, which have limits on tokens of their own */
export function createGate(concurrency: number, fast: boolean): Gate {
  const buckets = [createBucket(), createBucket(), createBucket(), createBucket()] as const
  const throttle = createThrottle()
  const demand = createDemand()
  let inFlight = 0
  let pausedUntil = 0
  let leftAt = 0

  function heed({ status, headers }: Response, since: number, known: boolean): void {
    const { retryAfterMs } = parseRetryAfter(headers)
    if (status !== 429 && status !== 529) return
    if (retryAfterMs) pausedUntil = Math.max(pausedUntil, performance.now() + retryAfterMs)
    if (!known || !retryAfterMs || status === 529) throttle.cut(inFlight, since)
  }

  return {
    get inFlight() {
      return inFlight
    },
    get pausedMs() {
      return pausedUntil - performance.now()
    },
    waitMs({ body }) {
      if (inFlight + 1 > Math.min(concurrency, throttle.window)) return Number.POSITIVE_INFINITY
      const now = performance.now()
      const waits = demand.of(body).map((cost, n) => buckets[n]!.waitMs(cost, now))
      return Math.max(0, pausedUntil - now, throttle.gapMs && leftAt + throttle.gapMs - now, ...waits)
    },
    open({ body }) {
      const since = performance.now()
      const sentAt = Date.now()
      const tell = demand.of(body).map((cost, n) => buckets[n]!.take(cost))
      leftAt = since
      inFlight++
      return {
        answered(response) {
          const limits = ofBuckets(parseRateLimits(response.headers), fast)
          const known = limits.some(Boolean)
          const serverNow = Date.now() + clockOffset(response.headers, sentAt)
          limits.forEach((limit, n) => {
            const told: Told | undefined = limit && {
              limit,
              resetInMs: limit.resetsAt.getTime() - serverNow,
              now: performance.now(),
              ageMs: performance.now() - since,
              refused: response.status === 429,
            }
            tell[n]!(told)
          })
          if (known) throttle.lift()
          heed(response, since, known)
        },
        end({ response, value, error }) {
          inFlight--
          for (const settle of tell) settle()
          demand.learn(body, value)
          if (!error) throttle.succeed(inFlight)
          // Inside a stream, after a response that was well.
          else if (response?.ok && Object(error).code === 'overloaded') throttle.cut(inFlight, since)
        },
      }
    },
  }
}

/** In the order of what {@link createDemand} gives. `tokens` says nothing new where input and output are told apart. */
function ofBuckets(limits: RateLimits, fast: boolean): [...RateLimits[keyof RateLimits][]] {
  const { requests, tokens } = limits
  const input = fast ? limits.fastInputTokens : limits.inputTokens
  const output = fast ? limits.fastOutputTokens : limits.outputTokens
  return [requests, input, output, input || output ? undefined : tokens]
}

/**
 * By how much the server's clock is ahead of ours, for certain: its `date` has whole seconds, and holds for some moment
 * between the sending and now.
 */
function clockOffset(headers: Headers, sentAt: number): number {
  const date = Date.parse(headers.get('date') ?? '')
  return Math.max(date - Date.now(), Math.min(0, date + 1000 - sentAt)) || 0
}
