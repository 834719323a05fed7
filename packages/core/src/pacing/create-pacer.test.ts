import { getEventListeners, setMaxListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLimitedAPI, type Limits } from '../../test/limited-api.ts'
import { ConfigError, createClient, createMessage, type MessageParams, RateLimitError } from '../index.ts'
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
  const client = createClient({ apiKey: 'k', fetch: api.fetch, middleware, retry: { maxRetries: 200 } })
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
  const minute = { periodMs: 60_000, milliseconds: false }
  const cases: [name: string, limits: Partial<Limits>, most: number][] = [
    ['a bucket that fills steadily', { style: 'bucket' }, 1.03],
    ['a fixed window', { style: 'window' }, 1.03],
    ['a minute of real length, dates in whole seconds', minute, 1.03],
    ['answers that overtake one another', { ...minute, latencyMs: (n) => 500 + ((n * 7919) % 3000) }, 1.03],
    ['answers that take long', { ...minute, latencyMs: () => 20_000 }, 1.1],
    ['a clock that is behind', { ...minute, style: 'window', latencyMs: () => 500, aheadMs: -300_000 }, 1.03],
    ['a clock that is ahead', { ...minute, style: 'window', latencyMs: () => 500, aheadMs: 300_000 }, 1.03],
    ['a fixed window with answers that take long', { ...minute, style: 'window', latencyMs: () => 20_000 }, 1.1],
  ]
  it.each(cases)('takes about the ideal time and meets no refusal: %s', async (_, limits, most) => {
    const { ratio, refused, timers } = await burst({ limit: 50, periodMs: 200, ...limits }, 500)
    expect(ratio).toBeLessThan(most)
    expect([refused, timers]).toEqual([0, 0])
  })

  it.each([1, 2, 5])('meets no more refusals than it asks at first, where only %i fit', async (limit) => {
    const { ratio, refused } = await burst({ limit, periodMs: 60_000 }, 20)
    expect(ratio).toBeLessThan(1.1)
    expect(refused).toBeLessThan(4)
  })
})

describe('where a server sends no limits', () => {
  it('finds out how much it takes, with fewer refusals than calls', async () => {
    const limits = { limit: 50, periodMs: 60_000, latencyMs: () => 1000 }
    const told = await burst({ ...limits, tells: 'retry-after' }, 500)
    const untold = await burst({ ...limits, tells: 'nothing' }, 500)
    // Retries alone would be refused tens of thousands of times.
    expect(told).toMatchObject({ ratio: expect.closeTo(1, 1), refused: expect.toSatisfy((n) => n < 250) })
    expect(untold).toMatchObject({ ratio: expect.closeTo(1, 1), refused: expect.toSatisfy((n) => n < 250) })
  })

  it('learns nothing about many at once from one at a time', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    for (let n = 0; n < 100; n++) {
      const one = call(client)
      await settle()
      open[n]!.answer(Response.json(message()))
      await one
    }
    const calls = Array.from({ length: 20 }, () => call(client))
    await settle()
    expect(open).toHaveLength(104)
    for (let n = 100; n < 120; n++) {
      open[n]!.answer(Response.json(message()))
      await settle()
    }
    await Promise.all(calls)
  })

  it('sends more and more at once while all goes well', async () => {
    const { mostInFlight } = await burst({ limit: 1e6, periodMs: 60_000, tells: 'nothing' }, 2000)
    expect(mostInFlight).toBeGreaterThan(32)
    expect(mostInFlight).toBeLessThan(128)
  })
})

/** A server that a test answers for by hand, and a client of it. */
function byHand(options?: PacerOptions) {
  const { middleware } = createPacer(options)
  const open: { url: string; body: string; answer: (response: Response) => void; fail: (error: Error) => void }[] = []
  const fetch = (url: unknown, init?: RequestInit) =>
    new Promise<Response>((answer, fail) => open.push({ url: String(url), body: String(init?.body), answer, fail }))
  const clientOf = (apiKey = 'k') => createClient({ apiKey, fetch: fetch as never, middleware: [middleware] })
  const call = (client = clientOf(), changes: Partial<MessageParams> = {}, signal?: AbortSignal) =>
    createMessage(client, { ...params, ...changes }, { signal, retry: { maxRetries: 0 } })
  return { open, clientOf, call, settle: () => vi.advanceTimersByTimeAsync(0) }
}

const limitHeaders = (name: string, limit: number, remaining: number, inMs: number) => ({
  [`anthropic-ratelimit-${name}-limit`]: String(limit),
  [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
  [`anthropic-ratelimit-${name}-reset`]: new Date(Date.now() + inMs).toISOString(),
})

const message = (usage: object = {}) => ({ id: 'msg_1', usage })
const refusal = (headers: Record<string, string>, status = 429) =>
  Response.json({ type: 'error', error: { type: 'rate_limit_error', message: 'No.' } }, { status, headers })

describe('concurrency', () => {
  it('is never exceeded, and a place is free again when an answer was read', async () => {
    const { open, call, settle } = byHand({ concurrency: 2 })
    const calls = Promise.allSettled([1, 2, 3, 4].map(() => call()))
    await settle()
    expect(open).toHaveLength(2)
    open[0]!.answer(Response.json(message()))
    await settle()
    expect(open).toHaveLength(3)
    open[1]!.fail(new TypeError('fetch failed'))
    await settle()
    expect(open).toHaveLength(4)
    for (const { answer } of open) answer(Response.json(message()))
    expect((await calls).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  })

  it('is given back by a call that is aborted on its way', async () => {
    const { open, call, settle } = byHand({ concurrency: 1 })
    const controller = new AbortController()
    const lost = call(undefined, {}, controller.signal)
    const kept = call()
    await settle()
    controller.abort()
    await expect(lost).rejects.toMatchObject({ code: 'request_aborted' })
    await settle()
    expect(open).toHaveLength(2)
    open[1]!.answer(Response.json(message()))
    await kept
  })
})

describe('an abort while waiting', () => {
  it('rejects at once, is never sent, and leaves neither timer nor listener', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const first = call(client)
    await settle()
    open[0]!.answer(refusal({ 'retry-after': '30' }))
    await expect(first).rejects.toBeInstanceOf(RateLimitError)
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const waiting = Promise.allSettled(Array.from({ length: 1000 }, () => call(client, {}, controller.signal)))
    await settle()
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    controller.abort('enough')
    const results = await waiting
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    expect(open).toHaveLength(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })
})

describe('a pause that the server asks for', () => {
  it('holds back everybody until it is over', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const first = call(client).catch(() => {})
    await settle()
    open[0]!.answer(refusal({ 'retry-after': '30', ...limitHeaders('requests', 50, 49, 1200) }))
    await first
    const others = [call(client), call(client)]
    await vi.advanceTimersByTimeAsync(29_900)
    expect(open).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(open).toHaveLength(3)
    for (const { answer } of open) answer(Response.json(message()))
    await Promise.all(others)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails whoever waits or comes when it is longer than allowed, and nobody after it', async () => {
    const { open, clientOf, call, settle } = byHand({ maxPauseMs: 10_000, concurrency: 1 })
    const client = clientOf()
    const calls = Promise.allSettled([call(client), call(client)])
    await settle()
    open[0]!.answer(refusal({ 'retry-after': '60' }))
    const [, waiting] = await calls
    expect(waiting).toMatchObject({
      reason: { code: 'rate_limit', status: 429, resetsAt: new Date(Date.now() + 60_000) },
    })
    await expect(call(client)).rejects.toBeInstanceOf(RateLimitError)
    expect([open.length, vi.getTimerCount()]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(60_000)
    const late = call(client)
    await settle()
    open[1]!.answer(Response.json(message()))
    await late
  })

  it('longer than a timer can be is kept', async () => {
    const { open, clientOf, call, settle } = byHand({ maxPauseMs: Number.POSITIVE_INFINITY })
    const client = clientOf()
    const first = call(client).catch(() => {})
    await settle()
    open[0]!.answer(refusal({ 'retry-after': String(100 * 86_400) }))
    await first
    const controller = new AbortController()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const other = call(client, {}, controller.signal)
    await vi.advanceTimersByTimeAsync(1000)
    expect([open.length, vi.getTimerCount()]).toEqual([1, 1])
    // One that is longer goes off at once.
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([2 ** 31 - 1])
    timers.mockRestore()
    controller.abort()
    await expect(other).rejects.toMatchObject({ code: 'request_aborted' })
  })
})

describe('limits on tokens', () => {
  it('make a request wait for the room that it needs, large or small', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const first = call(client)
    await settle()
    open[0]!.answer(Response.json(message(), { headers: limitHeaders('input-tokens', 10_000, 1000, 54_000) }))
    await first
    // About 5,000 tokens, and before the small one.
    const large = call(client, { messages: [{ role: 'user', content: 'x'.repeat(20_000) }] })
    const small = call(client)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(open).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(open).toHaveLength(3)
    for (const { answer } of open) answer(Response.json(message()))
    await Promise.all([large, small])
  })

  it('on all together count only where input and output are not told apart', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const all = () => limitHeaders('tokens', 1000, 0, 60_000)
    const first = call(client)
    await settle()
    open[0]!.answer(Response.json(message(), { headers: { ...all(), ...limitHeaders('output-tokens', 900, 900, 0) } }))
    await first
    const second = call(client)
    await settle()
    open[1]!.answer(Response.json(message(), { headers: all() }))
    await second
    const third = call(client)
    await vi.advanceTimersByTimeAsync(1000)
    expect(open).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(10_000)
    open[2]!.answer(Response.json(message()))
    await third
  })

  it('let what never fits go when all is there', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const first = call(client)
    await settle()
    open[0]!.answer(Response.json(message(), { headers: limitHeaders('input-tokens', 1000, 0, 60_000) }))
    await first
    const large = call(client, { messages: [{ role: 'user', content: 'x'.repeat(1e6) }] })
    await vi.advanceTimersByTimeAsync(59_000)
    expect(open).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2000)
    expect(open).toHaveLength(2)
    open[1]!.answer(Response.json(message()))
    await large
  })

  it.each([
    ['little, where the rest comes from the cache', { input_tokens: 40 }, 20],
    ['all, where it is written to the cache', { input_tokens: 40, cache_creation_input_tokens: 10_000 }, 1],
  ])('are estimated by what answers have used: %s', async (_, counts, fit) => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const content = 'x'.repeat(40_000)
    const usage = { cache_creation_input_tokens: null, cache_read_input_tokens: 10_000, output_tokens: 1, ...counts }
    for (let n = 0; n < 30; n++) {
      const one = call(client, { messages: [{ role: 'user', content }] })
      await settle()
      open[n]!.answer(Response.json(message(usage), { headers: limitHeaders('input-tokens', 20_000, 19_960, 100) }))
      await one
    }
    const many = Promise.all(Array.from({ length: 20 }, () => call(client, { messages: [{ role: 'user', content }] })))
    await settle()
    expect(open).toHaveLength(30 + fit)
    while (vi.getTimerCount() > 0) {
      for (const { answer } of open) answer(Response.json(message()))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    await many
  })

  it('on output hold back as much as answers were long before', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    const limit = () => limitHeaders('output-tokens', 1000, 1000, 0)
    for (let n = 0; n < 30; n++) {
      const one = call(client)
      await settle()
      open[n]!.answer(Response.json(message({ input_tokens: 9, output_tokens: 300 }), { headers: limit() }))
      await one
    }
    const calls = Promise.all(Array.from({ length: 10 }, () => call(client)))
    await settle()
    expect(open).toHaveLength(33)
    while (vi.getTimerCount() > 0) {
      for (const { answer } of open) answer(Response.json(message()))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    await calls
  })

  it.each([
    ['that are absurd', { input_tokens: 1e300, output_tokens: 1e300 }],
    ['that are no numbers', { input_tokens: 'many', output_tokens: null }],
    ['that are negative', { input_tokens: -5, output_tokens: -5 }],
  ])('survive counts %s', async (_, usage) => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    for (let n = 0; n < 5; n++) {
      const one = call(client)
      await vi.advanceTimersByTimeAsync(60_000)
      expect(open).toHaveLength(n + 1)
      const headers = { ...limitHeaders('input-tokens', 100_000, 90_000, 6000), ...limitHeaders('tokens', 9, 8, -1e12) }
      open[n]!.answer(Response.json(message(usage), { headers }))
      await one
    }
    await settle()
  })
})

describe('requests that were never answered', () => {
  it('are not waited for', async () => {
    const { open, clientOf, call, settle } = byHand()
    const client = clientOf()
    for (let n = 0; n < 20; n++) {
      const one = call(client)
      await settle()
      open[n]!.fail(new TypeError('fetch failed'))
      await expect(one).rejects.toMatchObject({ code: 'connection' })
    }
    const told = call(client)
    await settle()
    open[20]!.answer(Response.json(message(), { headers: limitHeaders('requests', 50, 49, 1200) }))
    await told
    const calls = Promise.all(Array.from({ length: 48 }, () => call(client)))
    await settle()
    expect(open).toHaveLength(69)
    for (const { answer } of open) answer(Response.json(message()))
    await calls
  })
})

describe('requests under different limits', () => {
  it.each<[string, (hand: ReturnType<typeof byHand>) => Promise<unknown>]>([
    ['keys', ({ call, clientOf }) => call(clientOf('other'))],
    ['pools of models', ({ call, clientOf }) => call(clientOf(), { model: 'claude-opus-4-6' })],
    ['speeds', ({ call, clientOf }) => call(clientOf(), { speed: 'fast' })],
  ])('do not wait for one another: %s', async (_, other) => {
    const hand = byHand({ concurrency: 1 })
    const calls = [hand.call(), other(hand), hand.call(hand.clientOf(), { model: 'claude-haiku-4-9-20301231' })]
    await hand.settle()
    // The third is of the same pool as the first.
    expect(hand.open).toHaveLength(2)
    hand.open[0]!.answer(Response.json(message()))
    await hand.settle()
    for (const { answer } of hand.open) answer(Response.json(message()))
    await Promise.all(calls)
  })

  it.each([
    ['Opus 5 does not hold back Opus 5.5', 'claude-opus-5', 'opus', 2],
    ['Sonnet 5 does not hold back Sonnet 5.5', 'claude-sonnet-5', 'claude-sonnet-5-5', 2],
    ['Fable 5.1 does not hold back Fable 5.2', 'claude-fable-5-1', 'claude-fable-5-2', 2],
    ['Fable 5 and 5.1 share their limits', 'claude-fable-5', 'claude-fable-5-1', 1],
    ['Opus 4.8 and 4.6 share their limits', 'claude-opus-4-8', 'claude-opus-4-6', 1],
  ])('%s', async (_, one, other, atOnce) => {
    const { call, clientOf, open, settle } = byHand({ concurrency: 1 })
    const calls = [one, other].map((model) => call(clientOf(), { model }))
    await settle()
    expect(open).toHaveLength(atOnce)
    for (let n = 0; n < 2; n++) {
      open[n]!.answer(Response.json(message()))
      await settle()
    }
    await Promise.all(calls)
  })

  it('are forgotten when there are too many of them, but not while somebody waits', async () => {
    const { open, call, clientOf, settle } = byHand({ concurrency: 1 })
    const callBy = (key: string) => call(clientOf(key))
    const paused = callBy('paused').catch(() => {})
    await settle()
    open[0]!.answer(refusal({ 'retry-after': '50' }))
    await paused
    const busy = [callBy('busy'), callBy('busy')]
    for (let n = 0; n < 1100; n++) {
      const one = callBy(`key ${n}`)
      await settle()
      open[n + 2]!.answer(Response.json(message()))
      await one
    }
    const [again, third] = [callBy('paused'), callBy('busy')]
    await settle()
    // The pause is not known any more, but that somebody is under way is.
    expect(open).toHaveLength(1103)
    for (const place of [1, 1102, 1103, 1104]) {
      open[place]!.answer(Response.json(message()))
      await settle()
    }
    await Promise.all([...busy, again, third])
  })
})

describe('options', () => {
  it.each([{ concurrency: -1 }, { concurrency: Number.NaN }, { maxPauseMs: -1 }])('refuses %j', (options) => {
    expect(() => createPacer(options)).toThrow(ConfigError)
  })
})
