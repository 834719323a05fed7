import type { RateLimit } from './rate-limit.ts'

/** What is left of one of the server's limits, estimated between the answers that tell. */
export interface TokenBucket {
  /** How long until there is room for so much; 0: there is. */
  waitMs(cost: number): number
  /** Takes so much, and gives what is to be called once the request was answered, or never will be. */
  take(cost: number): (limit?: RateLimit, answer?: Answer) => void
}

/** What came with a limit. */
interface Answer {
  /** By the server's clock. */
  readonly now: number
  /** How old it is at most: as old as its request. */
  readonly ageMs: number
  /** Whether the request was refused. */
  readonly refused: boolean
}

const minuteMs = 60_000
const hourMs = 3_600_000

/**
 * The server's count lacks the requests that it had not seen when it answered, ours what others use: the truth is between
 * the two. `resetsAt` means one of two things, told apart by how it moves: a bucket that fills steadily is full later
 * with every request; a fixed window ends when it ends.
 */
export function createTokenBucket(): TokenBucket {
  let limit = Infinity
  let level = limit
  let perMs = 0
  let at = 0
  let fixed = false
  let fullAt = 0
  let taken = 0
  let answered = 0
  let lastReset = 0
  let lastRemaining = 0

  function refill(): number {
    const now = performance.now()
    if (!fixed) level = Math.min(limit, level + (now - at) * perMs)
    else if (now >= fullAt) {
      level = limit
      // Until an answer says when the next window ends.
      fullAt = now + minuteMs
    }
    at = now
    return now
  }

  function learn(told: RateLimit, { now: serverNow, ageMs, refused }: Answer, unseen: number): void {
    const now = refill()
    const { remaining } = told
    const reset = told.resetsAt.getTime()
    const inMs = reset - serverNow
    // Older than what another answer has said; but a date that is far off is no yardstick.
    if (reset < lastReset && lastReset < reset + hourMs) return
    if (reset !== lastReset) {
      fixed &&= remaining >= lastRemaining
      lastReset = reset
      lastRemaining = remaining
    } else fixed ||= lastRemaining - remaining >= told.limit / 4
    const soonestMs = inMs < hourMs ? inMs : minuteMs
    // Whole seconds have been rounded down.
    const latestMs = soonestMs + (reset % 1000 ? 0 : 1000)
    if (limit !== told.limit) {
      limit = told.limit
      level = -Infinity
      perMs = limit / minuteMs
    }
    perMs = rateWithin(perMs, told, soonestMs, latestMs + ageMs)
    fullAt = now + latestMs
    // No deeper than what one full bucket pays back: what is not seen yet may be estimated far too high.
    level = Math.max(
      -limit,
      remaining - unseen,
      Math.min(level, remaining + (fixed || refused ? 0 : slackOf(limit) + ageMs * perMs)),
    )
  }

  return {
    waitMs(cost) {
      const now = refill()
      // What never fits goes when all is there.
      const need = Math.min(limit, fixed ? cost : cost + slackOf(limit))
      if (level >= need) return 0
      return fixed ? fullAt - now : (need - level) / perMs
    },
    take(cost) {
      const spent = Math.min(cost, limit)
      const seen = answered
      level -= spent
      taken += spent
      return (told, answer) => {
        if (answer?.refused) {
          level += spent
          taken -= spent
        } else answered += spent
        // Only those that were answered before this one left had certainly been counted.
        if (told && answer) learn(told, answer, taken - seen - (answer.refused ? 0 : spent))
      }
    },
  }
}

/** What rounding hides, and what requests that overtake one another on their way may use up too early. */
const slackOf = (limit: number) => Math.min(limit / 10, Math.max(1, limit / 50))

/** The rate at which a bucket fills that is full in some time between two, as near as may be to what it was taken for. */
function rateWithin(perMs: number, { limit, remaining }: RateLimit, soonestMs: number, latestMs: number): number {
  const used = limit - remaining
  const most = soonestMs > 0 && used > 0 ? used / soonestMs : Infinity
  const least = latestMs > 0 ? (used - slackOf(limit)) / latestMs : 0
  return Math.max(least, limit / hourMs, Math.min(most, perMs))
}
