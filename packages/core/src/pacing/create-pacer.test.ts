import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLimitedAPI, type Limits } from '../../test/limited-api.ts'
import { createClient, createMessage, type MessageParams } from '../index.ts'
import { createPacer, type PacerOptions } from './create-pacer.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

beforeEach(() => {
  // No whole second, which would be taken for a rounded one.
  vi.useFakeTimers({ now: 1_800_000_000_137 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Makes many calls at once; how long that took against the shortest time the limits allow, and how many were refused. */
async function burst(limits: Limits, calls: number, options?: PacerOptions) {
  const api = createLimitedAPI(limits)
  const middleware = [createPacer(options).middleware]
  const client = createClient({ apiKey: 'k', fetch: api.fetch, middleware, retry: { maxRetries: 20 } })
  const start = Date.now()
  let end: number | undefined
  const all = Promise.all(Array.from({ length: calls }, () => createMessage(client, params)))
  all.then(
    () => (end = Date.now()),
    () => (end = Number.NaN),
  )
  while (end === undefined) await vi.advanceTimersByTimeAsync(limits.periodMs / 50)
  await all
  const idealMs = ((calls - limits.limit) * limits.periodMs) / limits.limit
  return { ...api.counts, ratio: (end - start) / idealMs, timers: vi.getTimerCount() }
}

describe('a burst of 500 calls where 50 are allowed in a while', () => {
  const cases: [name: string, limits: Partial<Limits>][] = [
    ['a bucket that fills steadily', { style: 'bucket' }],
    ['a fixed window', { style: 'window' }],
    ['a minute of real length, dates in whole seconds', { periodMs: 60_000, milliseconds: false }],
    ['answers that overtake one another', { periodMs: 60_000, latencyMs: (n) => 500 + ((n * 7919) % 3000) }],
    ['answers that take long', { periodMs: 60_000, latencyMs: () => 20_000 }],
  ]
  it.each(cases)('takes about the ideal time and meets few refusals: %s', async (_, limits) => {
    const { ratio, refused, timers } = await burst({ limit: 50, periodMs: 200, ...limits }, 500)
    expect(ratio).toBeLessThan(1.1)
    expect(refused).toBeLessThan(10)
    expect(timers).toBe(0)
  })
})
