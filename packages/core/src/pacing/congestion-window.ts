import type { Outcome } from '../client/middleware.ts'
import { parseRetryAfter } from '../http/answer/parse-retry-after.ts'

/** How many may be under way at once, and when. Finds out what a server can take that does not say so. */
export interface CongestionWindow {
  /** How many have left and not ended. */
  readonly inFlight: number
  /** How long the next one has to wait; Infinity: for another one's answer or end. */
  readonly waitMs: number
  /** Counts one that leaves. */
  leave(): Departure
}

/** One that has left, to be told how it fares. */
interface Departure {
  /** @param known whether the answer tells of limits: then there is nothing to find out */
  answered(response: Response, known: boolean): void
  end(outcome: Outcome): void
}

/**
 * Additive increase, multiplicative decrease, as networks do it; and after each decrease a pause, and the same pause
 * between any two, as one at a time may still be too many.
 *
 * What is found out bounds those that wait for the start of their answer, so that a stream which is open for long keeps
 * nobody from leaving; `concurrency` bounds all that have not ended.
 *
 * @param maxGapMs the longest of these pauses
 * @see https://www.rfc-editor.org/rfc/rfc5681
 */
export function createCongestionWindow(concurrency: number, maxGapMs: number): CongestionWindow {
  let inFlight = 0
  let unanswered = 0
  let window = 4
  let knee = 64
  let gapMs = 0
  let pausedUntil = 0
  let cutAt = -1

  const pause = (ms: number) => {
    pausedUntil = Math.max(pausedUntil, performance.now() + ms)
  }

  /** @param leftAt those that left before the last cut have nothing new to tell */
  function cut(leftAt: number): void {
    if (leftAt <= cutAt) return
    cutAt = performance.now()
    window = knee = Math.max(1, Math.min(window, unanswered + 1) / 2)
    gapMs = Math.min(maxGapMs, Math.max(250, gapMs * 2))
    pause(gapMs)
  }

  return {
    get inFlight() {
      return inFlight
    },
    get waitMs() {
      return inFlight < concurrency && unanswered + 1 <= window ? pausedUntil - performance.now() : Infinity
    },
    leave() {
      const leftAt = performance.now()
      let waits = 1
      inFlight++
      unanswered++
      pause(gapMs)
      return {
        answered({ status, headers }, known) {
          // Where fewer were under way than might have been, nothing is learnt about more.
          const full = unanswered + 1 > window
          unanswered -= waits
          waits = 0
          if (known && cutAt < 0) window = Infinity
          if (status === 429 || status === 529) {
            const { retryAfterMs = 0 } = parseRetryAfter(headers)
            pause(retryAfterMs)
            if (!known || !retryAfterMs) cut(leftAt)
          } else if (status < 400) {
            if (full) window += window < knee ? 1 : 1 / window
            gapMs = gapMs > 20 ? gapMs * 0.9 : 0
          }
        },
        end({ response, error }) {
          inFlight--
          unanswered -= waits
          waits = 0
          // Inside a stream that began well.
          if (response?.ok && Object(error).code === 'overloaded') cut(leftAt)
        },
      }
    },
  }
}
