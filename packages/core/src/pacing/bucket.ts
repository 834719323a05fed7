import type { RateLimit } from './parse-rate-limits.ts'

/** What is left of one of the server's limits, estimated between the answers that tell. Times are of `performance.now()`. */
export interface Bucket {
  /** How long until there is room for so much; 0: there is. */
  waitMs(cost: number, now: number): number
  /** Takes so much, and gives what is to be called once the request has been answered, or never will be. */
  take(cost: number): (told?: Told) => void
}

/** What an answer says of the limit. */
export interface Told {
  readonly limit: RateLimit
  /** From now until its `resetsAt`, by the server's clock; negative when past. */
  readonly resetInMs: number
  readonly now: number
  /** At most: since the request left. */
  readonly ageMs: number
  /** Whether the answer is a refusal. */
  readonly refused: boolean
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * The server's count is behind by what it had not seen when it answered, ours by what others used: the truth is between
 * the two. `resetsAt` means one of two things, told apart by how it moves: a bucket that fills steadily is full later
 * with every request; a fixed window ends when it ends.
 */
export function createBucket(): Bucket {
  let limit = Number.POSITIVE_INFINITY
  let level = Number.POSITIVE_INFINITY
  let at = 0
  let perMs = 0
  let fixed = false
  let windowEnd = 0
  let taken = 0
  let answered = 0
  let last = { resetsAt: 0, remaining: 0 }

  function refill(now: number): void {
    if (!fixed) level = Math.min(limit, level + (now - at) * perMs)
    else if (now >= windowEnd) {
      level = limit
      // Until an answer says when the next one ends.
      windowEnd = now + minuteMs
    }
    at = now
  }

  function learn({ limit: told, resetInMs, now, ageMs, refused }: Told, unseen: number): void {
    const resetsAt = told.resetsAt.getTime()
    // An answer that is older than one before it, by what it says; but a date far off is a mistake, and no yardstick.
    if (resetsAt < last.resetsAt && last.resetsAt < resetsAt + hourMs) return
    refill(now)
    if (resetsAt !== last.resetsAt) {
      if (told.remaining < last.remaining) fixed = false
      last = { resetsAt, remaining: told.remaining }
    } else if (last.remaining - told.remaining >= told.limit / 4) fixed = true
    const fullInMs = resetInMs < hourMs ? resetInMs : minuteMs
    // Whole seconds are rounded down.
    const latestMs = fullInMs + (resetsAt % 1000 ? 0 : 1000)
    if (told.limit !== limit) perMs = told.limit / minuteMs
    if (told.remaining < told.limit) {
      const used = told.limit - told.remaining
      perMs = Math.max(used / (latestMs + ageMs), Math.min(perMs, fullInMs > 0 ? used / fullInMs : perMs))
    }
    if (fixed && latestMs <= 0) return
    windowEnd = now + latestMs
    limit = told.limit
    const most = told.remaining + (fixed || refused ? 0 : reserve() + ageMs * perMs)
    level = Math.max(told.remaining - unseen, Math.min(level, most))
  }

  /** What requests that overtake one another on their way may use up too early, and rounding may hide. */
  const reserve = () => Math.min(limit / 10, Math.max(1, limit / 50))

  return {
    waitMs(cost, now) {
      refill(now)
      // What never fits goes when all is there.
      const need = Math.min(limit, cost + (fixed ? 0 : reserve()))
      if (level >= need) return 0
      return fixed ? windowEnd - now : (need - level) / perMs
    },
    take(cost) {
      const spent = Math.min(cost, limit)
      const before = answered
      let open = true
      level -= spent
      taken += spent
      return (told) => {
        if (!open) return
        open = false
        answered += spent
        // Those that were answered before this one left had certainly been counted.
        if (told) learn(told, taken - before - spent)
      }
    },
  }
}
