import type { DayRange, ReservedUsage, UsageCounts } from '@enjamb/core'

/** What a call came to, on its way into the books. */
export interface Settlement {
  reservation: ReservedUsage
  counts: UsageCounts | undefined
  range: DayRange
}

/**
 * The call of the function that enters it, and its arguments.
 *
 * @param first the number of its first argument
 */
export function settleCall(schema: string, first: number): string {
  const [id, project, counts, since, until] = [0, 1, 2, 3, 4].map((n) => `$${first + n}`)
  return `${schema}.usage_settle(${id}::text, ${project}::text, ${counts}::bigint[], ${since}::text, ${until}::text)`
}

export const settleArguments = 5

export function toSettleValues({ reservation, counts, range }: Settlement): unknown[] {
  const sums = counts && [
    counts.calls,
    counts.unpricedCalls,
    counts.inputTokens,
    counts.outputTokens,
    counts.cacheWriteTokens,
    counts.cacheReadTokens,
    counts.nanoUsd,
  ]
  return [reservation.id, reservation.project, sums ?? null, range.since, range.until]
}
