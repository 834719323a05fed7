import type { RequestOrigin } from '../client/middleware.ts'

/** Whole UTC days, both ends included, as `2026-11-21`. An empty `since` is the beginning of time. */
export interface DayRange {
  since: string
  until: string
}

/** Money set aside for a call that is under way. */
export interface ReservedUsage {
  /** Unique among all calls of all processes. */
  id: string
  project: string
  model: string
  /** The UTC day of the reservation, as `2026-11-21`: whatever comes of the call counts for that day. */
  day: string
  /** The most that the call can cost, in whole nano-dollars. */
  nanoUsd: number
  /** What it is for, where an agent's session asks. */
  origin?: (RequestOrigin & { attempt: number }) | undefined
}

/** What calls came to: counts that can be added up. */
export interface UsageCounts {
  calls: number
  /** Those of them without a published price, which `nanoUsd` leaves out. */
  unpricedCalls: number
  inputTokens: number
  outputTokens: number
  cacheWriteTokens: number
  cacheReadTokens: number
  nanoUsd: number
}

/** A project's budget as a store enforces it. */
export interface UsageCap extends DayRange {
  /** What may be spent and reserved in the range, in whole nano-dollars. */
  nanoUsd: number
}

/** Whether money was set aside, and how much of it was left. */
export interface UsageGrant {
  granted: boolean
  /** What the project had spent and reserved in the cap's range before this; 0 where there is no cap. */
  usedNanoUsd: number
}

/** What stands in the books for one project and range. */
export interface UsageTotals {
  /** Set aside for calls that are under way. */
  reservedNanoUsd: number
  models: (UsageCounts & { model: string })[]
}

/**
 * Where a usage meter keeps its books. `memoryUsageStore` and `fileUsageStore` (in `@enjamb/core/node`) are two; write
 * your own to share budgets through a database.
 *
 * What it rejects with stops the call that asks; what `settle` rejects with makes the meter settle again before the next
 * reservation.
 */
export interface UsageStore {
  /**
   * Sets money aside, in one atomic step with the check: granted if what is spent and reserved in the cap's range and
   * this together stay within the cap. Without a cap it is always granted.
   */
  reserve(reservation: ReservedUsage, cap?: UsageCap): Promise<UsageGrant>
  /**
   * Puts what a call came to in the place of its reservation; `undefined`: nothing. Counts once for each id: a
   * reservation that is settled already stays as it is.
   *
   * @returns what the project has spent in `range` with this, in nano-dollars
   */
  settle(reservation: ReservedUsage, counts: UsageCounts | undefined, range: DayRange): Promise<number>
  /** What a project spent and reserved in a range. */
  read(project: string, range: DayRange): Promise<UsageTotals>
}
