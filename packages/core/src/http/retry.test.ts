import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiErrorFromBody, ConfigError, ConnectionError, RequestAbortedError } from '../index.ts'
import { retryDelay as delayOf, type RetryOptions } from './retry.ts'

const retry: RetryOptions = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 60_000 }
const retryDelay = (error: unknown, attempt: number, options: RetryOptions) =>
  delayOf(error, attempt, options, Number.POSITIVE_INFINITY)
const lost = new ConnectionError('lost')
const limited = (headers: Record<string, string>) => apiErrorFromBody('', 429, new Headers(headers))

describe('the pause before another attempt', () => {
  it('doubles from 0.5 s up to 8 s, less at most a quarter', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), (attempt) => {
        const full = Math.min(500 * 2 ** attempt, 8_000)
        const delay = retryDelay(lost, attempt, { ...retry, maxRetries: Number.POSITIVE_INFINITY })
        expect(delay).toBeLessThanOrEqual(full)
        expect(delay).toBeGreaterThanOrEqual(full * 0.75)
      }),
    )
  })

  it('differs from client to client', () => {
    expect(new Set(Array.from({ length: 20 }, () => retryDelay(lost, 0, retry))).size).toBeGreaterThan(10)
  })

  it('is what the server asks for, exactly, up to the cap and not a millisecond beyond', () => {
    expect(retryDelay(limited({ 'retry-after-ms': '60000' }), 0, retry)).toBe(60_000)
    expect(() => retryDelay(limited({ 'retry-after-ms': '60001' }), 0, retry)).toThrow(limited({}).constructor as never)
  })
})

describe('a failure is final', () => {
  it.each([0, 1, 2])('after %i retries where no more are allowed', (maxRetries) => {
    expect(() => retryDelay(lost, maxRetries, { ...retry, maxRetries })).toThrow(lost)
    if (maxRetries) expect(retryDelay(lost, maxRetries - 1, { ...retry, maxRetries })).toBeGreaterThan(0)
  })

  it.each([
    new ConfigError('config'),
    new RequestAbortedError('aborted'),
    apiErrorFromBody('', 400),
    apiErrorFromBody('', 500, new Headers({ 'x-should-retry': 'false' })),
    new TypeError("a middleware's own"),
  ])('where sending the same again would not help: %s', (error) => {
    expect(() => retryDelay(error, 0, retry)).toThrow(error)
  })

  it('where what was thrown is no error at all', () => {
    for (const thrown of [undefined, null, 'text', 0]) {
      let caught: unknown = 'nothing'
      try {
        retryDelay(thrown, 0, retry)
      } catch (error) {
        caught = error
      }
      expect(caught).toBe(thrown)
    }
  })
})
