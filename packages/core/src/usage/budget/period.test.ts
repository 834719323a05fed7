import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodRange, type UsagePeriod, utcDay } from './period.ts'

const at = (text: string) => Date.parse(text)

describe('periodRange', () => {
  it.each<[UsagePeriod, string, string, string]>([
    ['day', '2026-11-21T00:00:00.000Z', '2026-11-21', '2026-11-21'],
    ['day', '2026-11-21T23:59:59.999Z', '2026-11-21', '2026-11-21'],
    // Elsewhere it is the next day already, or still the one before.
    ['day', '2026-11-21T23:30:00.000-05:00', '2026-11-22', '2026-11-22'],
    ['day', '2026-11-21T01:00:00.000+09:00', '2026-11-20', '2026-11-20'],
    ['week', '2026-11-16T00:00:00.000Z', '2026-11-16', '2026-11-22'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-16', '2026-11-22'],
    ['week', '2026-01-01T12:00:00.000Z', '2025-12-29', '2026-01-04'],
    ['week', '2024-03-01T12:00:00.000Z', '2024-02-26', '2024-03-03'],
    ['month', '2024-02-29T23:59:59.999Z', '2024-02-01', '2024-02-29'],
    ['month', '2026-02-01T00:00:00.000Z', '2026-02-01', '2026-02-28'],
    ['month', '2100-02-28T12:00:00.000Z', '2100-02-01', '2100-02-28'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2026-12-31'],
    ['total', '2026-11-21T12:00:00.000Z', '', '9999-12-31'],
  ])('of a %s at %s is %s to %s', (period, time, since, until) => {
    expect(periodRange(period, at(time))).toEqual({ since, until })
  })

  it('holds its own day, and each of its days has the same period', () => {
    const times = fc.integer({ min: at('1990-01-01'), max: at('2090-01-01') })
    fc.assert(
      fc.property(fc.constantFrom<UsagePeriod>('day', 'week', 'month'), times, (period, time) => {
        const { since, until } = periodRange(period, time)
        expect(since <= utcDay(time) && utcDay(time) <= until).toBe(true)
        expect(periodRange(period, at(since))).toEqual({ since, until })
        expect(periodRange(period, at(until) + 86_399_999)).toEqual({ since, until })
        expect(periodRange(period, at(until) + 86_400_000).since > until).toBe(true)
      }),
    )
  })
})
