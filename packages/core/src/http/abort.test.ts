import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createClient,
  createMessage,
  type MessageParams,
  RequestAbortedError,
  RequestTimeoutError,
  send,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }
const reason = new Error('enough')

afterEach(() => {
  vi.useRealTimers()
})

/** A fetch that heeds no signal; each call waits for its answer. */
function deafFetch() {
  const answers: ((response: Response) => void)[] = []
  const fetch = () => new Promise<Response>((resolve) => answers.push(resolve))
  return { answers, fetch }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('an abort', () => {
  it('is heeded at once where fetch heeds no signal, and the late answer is not read', async () => {
    const { answers, fetch } = deafFetch()
    const controller = new AbortController()
    const client = createClient({ apiKey: 'k', fetch })
    let reads = 0
    const work = send(client, { method: 'GET', path: '/v1/models' }, { signal: controller.signal }, async () => reads++)
    await turn()
    controller.abort(reason)
    await expect(work).rejects.toMatchObject({ code: 'request_aborted', cause: reason })
    answers[0]?.(Response.json(message))
    await turn()
    expect(reads).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('sends nothing when it comes while the credential is fetched', async () => {
    let give!: (key: string) => void
    let sent = 0
    const controller = new AbortController()
    const client = createClient({
      apiKey: () => new Promise((resolve) => (give = resolve)),
      fetch: async () => Response.json(sent++),
    })
    const work = createMessage(client, params, { signal: controller.signal })
    await turn()
    controller.abort(reason)
    await expect(work).rejects.toBeInstanceOf(RequestAbortedError)
    give('k')
    await turn()
    expect(sent).toBe(0)
  })

  it('inside the body rejects with the reason', async () => {
    const controller = new AbortController()
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"id":')) })
    const client = createClient({ apiKey: 'k', fetch: async () => new Response(body) })
    const work = createMessage(client, params, { signal: controller.signal })
    await turn()
    controller.abort(reason)
    await expect(work).rejects.toMatchObject({ code: 'request_aborted', cause: reason })
  })

  it('after the answer changes nothing', async () => {
    const controller = new AbortController()
    const client = createClient({ apiKey: 'k', fetch: async () => Response.json(message) })
    expect(await createMessage(client, params, { signal: controller.signal })).toEqual(message)
    controller.abort(reason)
    await turn()
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('reaches the signal that fetch and the reader were given, as a typed error', async () => {
    const controller = new AbortController()
    const client = createClient({ apiKey: 'k', fetch: async () => Response.json(message) })
    const exchange = await send(
      client,
      { method: 'POST', path: '/v1/messages', stream: true },
      { signal: controller.signal },
      async (exchange) => exchange,
    )
    controller.abort(reason)
    expect(exchange.signal.reason).toBeInstanceOf(RequestAbortedError)
    expect(exchange.signal.reason.cause).toBe(reason)
  })
})

describe('an attempt whose time is up', () => {
  it('is not read when its answer comes during the next attempt', async () => {
    vi.useFakeTimers()
    const { answers, fetch } = deafFetch()
    const client = createClient({ apiKey: 'k', fetch, timeoutMs: 1_000, retry: { maxRetries: 1, baseDelayMs: 100 } })
    const read: unknown[] = []
    const work = send(client, { method: 'POST', path: '/v1/messages' }, {}, async ({ response }) => {
      read.push(await response.json())
      return 'read'
    })
    await vi.advanceTimersByTimeAsync(1_150)
    expect(answers).toHaveLength(2)
    answers[0]?.(Response.json('late'))
    answers[1]?.(Response.json('in time'))
    await vi.advanceTimersByTimeAsync(0)
    expect(await work).toBe('read')
    expect(read).toEqual(['in time'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('covers the body of a request, but of a stream only the headers', async () => {
    vi.useFakeTimers()
    const stalled = async () => new Response(new ReadableStream())
    const client = createClient({ apiKey: 'k', fetch: stalled, timeoutMs: 1_000, retry: { maxRetries: 0 } })
    const whole = createMessage(client, params).catch((error) => error)
    const spec = { method: 'POST', path: '/v1/messages', stream: true }
    const streamed = send(client, spec, {}, () => new Promise((resolve) => setTimeout(resolve, 5_000, 'read')))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await whole).toBeInstanceOf(RequestTimeoutError)
    expect(await streamed).toBe('read')
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, Number.POSITIVE_INFINITY, 2 ** 40])('never comes with a timeoutMs of %d', async (timeoutMs) => {
    vi.useFakeTimers()
    const { answers, fetch } = deafFetch()
    const work = createMessage(createClient({ apiKey: 'k', fetch, timeoutMs }), params)
    await vi.advanceTimersByTimeAsync(86_400_000)
    answers[0]?.(Response.json(message))
    expect(await work).toEqual(message)
  })
})

describe('many requests at once', () => {
  it('share a client and a signal without disturbing each other', async () => {
    const { signal } = new AbortController()
    const other = new AbortController()
    const fetch = async (_: unknown, init?: RequestInit) => {
      const { max_tokens } = JSON.parse(String(init?.body))
      await turn()
      return max_tokens % 3 ? Response.json({ id: max_tokens }) : new Response('{}', { status: 400 })
    }
    const client = createClient({ apiKey: async () => 'k', fetch: fetch as never })
    const calls = Array.from({ length: 200 }, (_, n) =>
      createMessage(client, { ...params, max_tokens: n }, { signal: n === 100 ? other.signal : signal }),
    )
    other.abort()
    const results = await Promise.allSettled(calls)
    for (const [n, result] of results.entries()) {
      if (n === 100) expect(result).toMatchObject({ reason: { code: 'request_aborted' } })
      else if (n % 3) expect(result).toMatchObject({ value: { id: n } })
      else expect(result).toMatchObject({ reason: { status: 400 } })
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

it('many calls on one signal raise no warning, and leave no listener', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => void warnings.push(warning)
  process.on('warning', onWarning)
  const { signal } = new AbortController()
  const client = createClient({ apiKey: 'k', fetch: () => turn().then(() => Response.json(message)) })
  await Promise.all(Array.from({ length: 30 }, () => createMessage(client, params, { signal })))
  await turn()
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})
