import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRateLimits } from './parse-rate-limits.ts'

const reset = '2026-01-01T00:00:30Z'
const resetsAt = new Date(reset)

/** One limit as three headers; what is `undefined` is not sent. */
function headersOf(name: string, limit?: string, remaining?: string, resets?: string): [string, string][] {
  const parts = { limit, remaining, reset: resets }
  return Object.entries(parts).flatMap(([part, value]) => (value === undefined ? [] : [[`${name}-${part}`, value]]))
}

const parse = (limit?: string, remaining?: string, resets?: string) =>
  parseRateLimits(new Headers(headersOf('anthropic-ratelimit-requests', limit, remaining, resets)))

describe('parseRateLimits', () => {
  it('reads every limit that a response may tell of', () => {
    const names = {
      requests: 'anthropic-ratelimit-requests',
      inputTokens: 'anthropic-ratelimit-input-tokens',
      outputTokens: 'anthropic-ratelimit-output-tokens',
      tokens: 'anthropic-ratelimit-tokens',
      priorityInputTokens: 'anthropic-priority-input-tokens',
      priorityOutputTokens: 'anthropic-priority-output-tokens',
      fastInputTokens: 'anthropic-fast-input-tokens',
      fastOutputTokens: 'anthropic-fast-output-tokens',
    }
    const entries = Object.entries(names)
    const headers = new Headers(entries.flatMap(([, name], n) => headersOf(name, `${n + 10}`, `${n}`, reset)))
    const expected = entries.map(([key], n) => [key, { limit: n + 10, remaining: n, resetsAt }])
    expect(parseRateLimits(headers)).toEqual(Object.fromEntries(expected))
  })

  it('gives nothing where nothing is told', () => {
    expect(parseRateLimits(undefined)).toEqual({})
    expect(parseRateLimits(new Headers())).toEqual({})
    expect(parseRateLimits(new Headers({ 'retry-after': '3' }))).toEqual({})
  })

  it('takes dates with fractions and offsets, and past ones', () => {
    expect(parse('50', '49', '2026-01-01T01:00:30.000+01:00').requests).toEqual({ limit: 50, remaining: 49, resetsAt })
    expect(parse('50', '49', '1999-12-31T23:59:59Z').requests?.resetsAt.getFullYear()).toBeLessThan(2001)
  })

  type Value = string | undefined
  const broken: [Value, Value, Value][] = [
    [undefined, '1', reset],
    ['1', undefined, reset],
    ['1', '1', undefined],
    ['', '1', reset],
    ['NaN', '1', reset],
    ['1', '-1', reset],
    ['1', '1.5', reset],
    ['1', '1e3', reset],
    ['0x10', '1', reset],
    ['1, 1', '1', reset],
    ['9'.repeat(400), '1', reset],
    ['1', '1', ''],
    ['1', '1', 'soon'],
    ['1', '1', '30'],
    ['1', '1', '1767225630'],
    ['1', '1', '2026-13-45T00:00:00Z'],
    ['1', '1', '+275760-09-14T00:00:00Z'],
  ]
  it.each(broken)('leaves out a limit of %j, remaining %j, reset %j', (...parts) => {
    expect(parse(...parts)).toEqual({})
  })

  it('gives whole numbers and real dates for whatever headers hold', () => {
    const value = fc.option(fc.oneof(fc.stringMatching(/^[\x20-\x7e]*$/), fc.nat().map(String), fc.constant(reset)))
    fc.assert(
      fc.property(value, value, value, (limit, remaining, resets) => {
        const { requests } = parse(limit ?? undefined, remaining ?? undefined, resets ?? undefined)
        if (!requests) return
        expect(Number.isSafeInteger(requests.limit) && requests.limit >= 0).toBe(true)
        expect(Number.isSafeInteger(requests.remaining) && requests.remaining >= 0).toBe(true)
        expect(requests.resetsAt.getTime()).not.toBeNaN()
      }),
    )
  })
})
