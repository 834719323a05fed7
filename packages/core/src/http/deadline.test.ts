import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ClientOptions,
  createClient,
  createMessage,
  type EnjambError,
  type MessageParams,
  type Middleware,
  type RequestOptions,
  send,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const overloaded = () => Response.json({ error: { type: 'overloaded_error', message: 'Full.' } }, { status: 529 })
const silent = () => new Promise<Response>(() => {})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** How a call ends, when, and after how many attempts. */
async function endOf(options: ClientOptions, call?: RequestOptions) {
  const started = Date.now()
  let attempts = 0
  const fetch = options.fetch ?? overloaded
  const client = createClient({
    apiKey: 'k',
    ...options,
    fetch: (url, init) => {
      attempts++
      return fetch(url, init) as Promise<Response>
    },
  })
  const end = createMessage(client, params, call).then(
    () => ({ code: 'answered', message: '' }),
    (error: EnjambError) => error,
  )
  const at = end.then(() => Date.now() - started)
  await vi.runAllTimersAsync()
  const { code, message } = await end
  return { code, message, attempts, ms: await at }
}

describe('the deadline', () => {
  it('is over all attempts together, and no pause begins that would outlast it', async () => {
    const retry = { maxRetries: 9, baseDelayMs: 1_000, maxDelayMs: 1_000 }
    const fetch = () => new Promise<Response>((resolve) => setTimeout(() => resolve(overloaded()), 500))
    const { code, attempts, ms } = await endOf({ fetch: fetch as never, retry, deadlineMs: 3_700 })
    expect(code).toBe('overloaded')
    expect(attempts).toBe(3)
    expect(ms).toBeLessThanOrEqual(3_700)
  })

  it('ends an attempt in its middle', async () => {
    expect(await endOf({ fetch: silent, timeoutMs: 400, deadlineMs: 600, retry: { baseDelayMs: 100 } })).toEqual({
      code: 'request_timeout',
      message: 'No complete answer in 600 ms (deadlineMs).',
      attempts: 2,
      ms: 600,
    })
  })

  it('of a call wins over that of the client', async () => {
    expect(await endOf({ fetch: silent, deadlineMs: 10 }, { deadlineMs: 20 })).toMatchObject({ ms: 20 })
  })

  it('of a stream ends with its first content', async () => {
    const client = createClient({ apiKey: 'k', deadlineMs: 50, fetch: async () => new Response('x') })
    const spec = { method: 'POST', path: '/v1/messages', body: params, stream: true }
    const { signal } = await send(client, spec, {}, async (exchange) => exchange)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(signal.aborted).toBe(false)
  })

  it.each([-1, Number.NaN])('cannot be %d', (deadlineMs) => {
    expect(() => createClient({ deadlineMs })).toThrow('deadlineMs must be 0 or more.')
  })
})

it('how long a middleware holds a request back counts for the deadline, not for the timeout', async () => {
  const wait: Middleware = async (request, next) => {
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    return next(request)
  }
  const fetch = async () => Response.json({ id: 'msg_1' })
  expect(await endOf({ fetch, timeoutMs: 1_000, middleware: [wait] })).toMatchObject({ code: 'answered', ms: 5_000 })
  const late = await endOf({ fetch, deadlineMs: 3_000, middleware: [wait] })
  expect(late).toMatchObject({ code: 'request_timeout', ms: 3_000 })
  expect(late.attempts).toBe(0)
})

it.each([2 ** 31, 1e10])('a pause of %d ms lasts as long, and is no storm of requests', async (pauseMs) => {
  const decide = {
    maxRetries: 1,
    decide: (_: unknown, __: unknown, attempt: number) => (attempt ? undefined : pauseMs),
  }
  expect(await endOf({ retry: decide })).toMatchObject({ code: 'overloaded', attempts: 2, ms: pauseMs })
})

it('a server may ask for a pause of 35 days where no cap is set', async () => {
  const headers = { 'retry-after': '3000000' }
  const fetch = async () =>
    Response.json({ error: { type: 'rate_limit_error', message: 'Later.' } }, { status: 429, headers })
  const retry = { maxRetries: 1, maxRetryAfterMs: Number.POSITIVE_INFINITY }
  expect(await endOf({ fetch, retry })).toMatchObject({ code: 'rate_limit', attempts: 2, ms: 3e9 })
})

it.each([2 ** 31, Number.POSITIVE_INFINITY])('time limits of %d ms end nothing before', async (ms) => {
  const fetch = async () => Response.json({ id: 'msg_1' })
  expect(await endOf({ fetch, timeoutMs: ms, deadlineMs: ms })).toMatchObject({ code: 'answered' })
})

it('the body of an error that stalls is waited for five seconds, not for ever', async () => {
  const body = () =>
    new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode('{"error":{"type":"api_error","message":"Hal')),
    })
  const fetch = async () => new Response(body(), { status: 500, headers: { 'request-id': 'req_1' } })
  expect(await endOf({ fetch, retry: { maxRetries: 0 } })).toEqual({
    code: 'server',
    message: '500 error: {"error":{"type":"api_error","message":"Hal',
    attempts: 1,
    ms: 5_000,
  })
})
