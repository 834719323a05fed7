import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelay as delayOf } from '../http/retry-delay.ts'
import {
  apiErrorFromBody,
  ConfigError,
  ConnectionError,
  createClient,
  createMessage,
  RateLimitError,
  RequestAbortedError,
} from '../index.ts'
import type { RetryOptions } from './retry-options.ts'

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

  it('where the caller has aborted it, whatever the rules and decide say', () => {
    const aborted = new RequestAbortedError('aborted')
    const rules = { request_aborted: { maxRetries: 9 } }
    expect(() => retryDelay(aborted, 0, { ...retry, rules, decide: () => 0 })).toThrow(aborted)
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

describe('a rule of its own', () => {
  it('holds for one kind of failure only', () => {
    const rules = { connection: { maxRetries: 9, baseDelayMs: 8, maxDelayMs: 8 } }
    expect(retryDelay(lost, 8, { ...retry, rules })).toBeLessThanOrEqual(8)
    expect(() => retryDelay(lost, 9, { ...retry, rules })).toThrow(lost)
    expect(() => retryDelay(limited({}), 2, { ...retry, rules })).toThrow(RateLimitError)
  })

  it('makes final what would be tried again, and the other way round', () => {
    expect(() => retryDelay(lost, 0, { ...retry, rules: { connection: false } })).toThrow(lost)
    const billing = apiErrorFromBody('', 402)
    expect(retryDelay(billing, 0, { ...retry, rules: { billing: {} } })).toBeGreaterThan(0)
  })

  it('that is no rule is refused by the client, and by the call', async () => {
    const bad = { rules: { overloaded: { maxRetries: -1 } } }
    expect(() => createClient({ retry: bad })).toThrow(new ConfigError('maxRetries must be 0 or more.'))
    const client = createClient({ apiKey: 'k', fetch: async () => expect.fail('it was sent') })
    const call = createMessage(
      client,
      { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: '' }] },
      { retry: bad },
    )
    await expect(call).rejects.toThrow('maxRetries must be 0 or more.')
  })
})

describe('the last word', () => {
  it('is asked about every failure, with what the rules would do', () => {
    const asked: unknown[] = []
    const decide = (error: unknown, delayMs: number | undefined, attempt: number) => {
      asked.push([error, delayMs === undefined, attempt])
      return 7
    }
    const config = new ConfigError('config')
    expect(retryDelay(lost, 5, { ...retry, decide })).toBe(7)
    expect(retryDelay(config, 0, { ...retry, decide })).toBe(7)
    expect(retryDelay(lost, 1, { ...retry, decide })).toBe(7)
    expect(asked).toEqual([
      [lost, true, 5],
      [config, true, 0],
      [lost, false, 1],
    ])
  })

  it.each([undefined, Number.NaN])('may be %s, which is no', (said) => {
    expect(() => retryDelay(lost, 0, { ...retry, decide: () => said })).toThrow(lost)
  })
})

it('a pause that would outlast the deadline is not begun', () => {
  const error = limited({ 'retry-after-ms': '100' })
  expect(delayOf(error, 0, retry, 101)).toBe(100)
  expect(() => delayOf(error, 0, retry, 100)).toThrow(error)
  expect(() => delayOf(error, 0, { ...retry, decide: () => 100 }, 100)).toThrow(error)
})
