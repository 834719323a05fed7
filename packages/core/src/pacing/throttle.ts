/**
 * Finds out what a server can take that does not say so: additive increase, multiplicative decrease. Times are of
 * `performance.now()`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5681
 */
export interface Throttle {
  /** How many may be under way at once. */
  readonly window: number
  /** The least time between two departures. */
  readonly gapMs: number
  /** The server has told its limits: there is nothing to find out. */
  lift(): void
  succeed(inFlight: number): void
  /** @param leftAt when the refused request left: those that left before the last cut have nothing new to tell. */
  cut(inFlight: number, leftAt: number): void
}

const maxGapMs = 10_000

export function createThrottle(): Throttle {
  let window = 4
  let knee = Number.POSITIVE_INFINITY
  let gapMs = 0
  let cutAt = Number.NEGATIVE_INFINITY
  return {
    get window() {
      return window
    },
    get gapMs() {
      return gapMs
    },
    lift() {
      if (knee === Number.POSITIVE_INFINITY) window = knee
    },
    succeed(inFlight) {
      // Where fewer were under way than might have been, nothing is learnt about more.
      if (inFlight + 2 > window) window += window < knee ? 1 : 1 / window
      gapMs = gapMs > 50 ? gapMs * 0.9 : 0
    },
    cut(inFlight, leftAt) {
      if (leftAt <= cutAt) return
      cutAt = performance.now()
      window = knee = Math.max(1, Math.min(window, inFlight) / 2)
      gapMs = Math.min(maxGapMs, Math.max(50, gapMs * 2))
    },
  }
}
