import type { DayRange } from '../usage-store.ts'

/** How often a budget starts anew, in UTC: at midnight, on Monday (ISO 8601), on the first of the month, never. */
export type UsagePeriod = 'day' | 'week' | 'month' | 'total'

const dayMs = 86_400_000

/** The UTC day of a time in epoch milliseconds, as `2026-11-21`. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The period that a time in epoch milliseconds falls into. */
export function periodRange(period: UsagePeriod, ms: number): DayRange {
  if (period === 'total') return { since: '', until: '9999-12-31' }
  const date = new Date(ms)
  if (period === 'month') {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
    return { since: utcDay(Date.UTC(year, month, 1)), until: utcDay(Date.UTC(year, month + 1, 0)) }
  }
  if (period === 'day') return { since: utcDay(ms), until: utcDay(ms) }
  const monday = ms - ((date.getUTCDay() + 6) % 7) * dayMs
  return { since: utcDay(monday), until: utcDay(monday + 6 * dayMs) }
}
