import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseRetryAfter } from './parse-retry-after.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const parse = (headers: Record<string, string>) => parseRetryAfter(new Headers(headers)).retryAfterMs

it.each([
  [{ 'retry-after-ms': '250' }, 250],
  [{ 'retry-after-ms': '12.5' }, 12.5],
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Friday, 20-Nov-26 12:00:30 GMT' }, 30_000],
  [{ 'retry-after-ms': '10', 'retry-after': '20' }, 10],
  [{ 'retry-after-ms': 'soon', 'retry-after': '20' }, 20_000],
  [{ 'retry-after-ms': '0', 'retry-after': '20' }, 20_000],
])('reads %o as %i ms', (headers, ms) => {
  expect(parse(headers)).toBe(ms)
})

it.each(['', '0', '-5', 'soon', 'NaN', 'Fri, 20 Nov 2026 11:59:59 GMT', '; 5'])('takes "%s" for no answer', (value) => {
  expect(parseRetryAfter(new Headers({ 'retry-after': value }))).toEqual({})
})

it('says when the wait is over', () => {
  const { resetsAt } = parseRetryAfter(new Headers({ 'retry-after': '60' }))
  expect(resetsAt).toEqual(new Date('2026-11-20T12:01:00Z'))
})

it('needs no headers', () => {
  expect(parseRetryAfter(undefined)).toEqual({})
})
