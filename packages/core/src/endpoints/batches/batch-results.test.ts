import { getEventListeners, once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { head, type RawServer, rawServer } from '../../../test/raw-server.ts'
import {
  batchResults,
  type ClientOptions,
  ConfigError,
  ConnectionError,
  createClient,
  IdleTimeoutError,
  InvalidRequestError,
  type MessageBatchIndividualResponse,
  type Outcome,
  RequestAbortedError,
  StreamParseError,
} from '../../index.ts'

const results: MessageBatchIndividualResponse[] = [
  { custom_id: 'b', result: { type: 'canceled' } },
  {
    custom_id: 'a',
    result: { type: 'errored', error: { type: 'error', error: { type: 'api_error', message: 'ö' }, request_id: null } },
  },
  { custom_id: 'c', result: { type: 'expired' } },
]
const lines = results.map((result) => `${JSON.stringify(result)}\n`)
const body = Buffer.from(lines.join(''))

const servers: RawServer[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) await server.close()
})

async function setUp(answer: (socket: Socket, attempt: number) => void, options: ClientOptions = {}) {
  const server: RawServer = await rawServer((socket) => answer(socket, server.requests() - 1))
  servers.push(server)
  const client = createClient({
    apiKey: 'k',
    baseURL: server.url,
    retry: { maxRetries: 1, baseDelayMs: 0 },
    ...options,
  })
  return { server, client }
}

/** A client whose answers are bodies made here. */
function clientOf(...bodies: ReadableStream<Uint8Array>[]) {
  return createClient({ apiKey: 'k', fetch: async () => new Response(bodies.shift()), retry: { baseDelayMs: 0 } })
}

const encoder = new TextEncoder()

/** Gives its chunks, and then falls silent. */
function silentAfter(...chunks: string[]) {
  const cancelled: unknown[] = []
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk))
    },
    cancel: (reason) => void cancelled.push(reason),
  })
  return Object.assign(stream, { cancelled })
}

async function collect(items: AsyncIterable<MessageBatchIndividualResponse>) {
  const ids: string[] = []
  try {
    for await (const item of items) ids.push(item.custom_id)
    return { ids, error: undefined }
  } catch (error) {
    return { ids, error }
  }
}

describe('the results of a batch', () => {
  it('come in the order in which the server has them', async () => {
    const { client } = await setUp((socket) => socket.end(`${head(200)}${body}`))
    const found = []
    for await (const result of batchResults(client, 'msgbatch_1')) found.push(result)
    expect(found).toEqual(results)
  })

  it('come as they arrive, before the answer is whole', async () => {
    let socket!: Socket
    const { client } = await setUp((opened) => {
      socket = opened
      socket.write(`${head(200)}${lines[0]}${lines[1]?.slice(0, 5)}`)
    })
    const found = batchResults(client, 'id')
    expect(await found.next()).toEqual({ done: false, value: results[0] })
    socket.write(`${lines[1]?.slice(5)}`)
    expect(await found.next()).toEqual({ done: false, value: results[1] })
    socket.end(lines[2]!)
    expect(await found.next()).toEqual({ done: false, value: results[2] })
    expect(await found.next()).toEqual({ done: true, value: undefined })
  })

  it('are not asked for before the loop asks', async () => {
    const { client, server } = await setUp((socket) => socket.end(`${head(200)}${body}`))
    const found = batchResults(client, 'id')
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests()).toBe(0)
    await found.return()
    expect(await found.next()).toEqual({ done: true, value: undefined })
    expect(server.requests()).toBe(0)
  })

  it('wait in the network while the loop is busy', async () => {
    let written = 0
    const line = `${JSON.stringify({ custom_id: 'x'.repeat(65_000), result: { type: 'expired' } })}\n`
    const { client } = await setUp((socket) => {
      socket.write(head(200))
      const more = () => {
        do written += line.length
        while (socket.write(line) && written < 200_000_000)
      }
      socket.on('drain', more)
      more()
    })
    const found = batchResults(client, 'id')
    await found.next()
    let before: number
    do {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 20))
    } while (written > before)
    expect(written).toBeLessThan(50_000_000)
    await found.return()
  })

  it('end the connection when the loop is left', async () => {
    let closed: Promise<unknown> | undefined
    const { client } = await setUp((socket) => {
      closed = once(socket, 'close')
      socket.write(`${head(200)}${lines[0]}${lines[1]}`)
    })
    for await (const { custom_id } of batchResults(client, 'id')) {
      expect(custom_id).toBe('b')
      break
    }
    await closed
  })
})

describe('an answer that is cut', () => {
  const cuts = [...body.keys()]

  it('at any byte fails after the results that are whole, and is asked for again only where there are none', async () => {
    const { client, server } = await setUp((socket, attempt) => {
      const sent = body.subarray(0, cut < first ? (attempt > before ? body.length : cut) : cut)
      socket.end(Buffer.concat([Buffer.from(head(200, `content-length: ${body.length}`)), sent]))
    })
    const first = Buffer.byteLength(lines[0]!)
    let cut = 0
    let before = 0
    for (cut of cuts) {
      before = server.requests()
      const { ids, error } = await collect(batchResults(client, 'id'))
      if (cut < first) {
        expect([ids, error, server.requests() - before]).toEqual([['b', 'a', 'c'], undefined, 2])
      } else {
        const whole = cut < first + Buffer.byteLength(lines[1]!) ? ['b'] : ['b', 'a']
        expect([ids, server.requests() - before]).toEqual([whole, 1])
        expect(error).toBeInstanceOf(ConnectionError)
      }
    }
  })

  it('without a sign of it fails where a line is not whole', async () => {
    const { client } = await setUp((socket) => socket.end(`${head(200)}${body.subarray(0, -5)}`))
    const { ids, error } = await collect(batchResults(client, 'id'))
    expect(ids).toEqual(['b', 'a'])
    expect(error).toBeInstanceOf(StreamParseError)
  })

  it('is not cut where only its last line break is missing', async () => {
    const { client } = await setUp((socket) => socket.end(`${head(200)}${body.subarray(0, -1)}`))
    expect(await collect(batchResults(client, 'id'))).toEqual({ ids: ['b', 'a', 'c'], error: undefined })
  })
})

describe('an answer that is none', () => {
  it.each<[string, string, number]>([
    ['empty', head(200), 2],
    ['blank', `${head(200)}\n\n`, 2],
    ['nothing, with a 204', head(204), 2],
    ['nothing, and the connection is gone', '', 2],
  ])('but %s is a ConnectionError after another attempt', async (_, answer, attempts) => {
    const { client, server } = await setUp((socket) => socket.end(answer))
    expect((await collect(batchResults(client, 'id'))).error).toBeInstanceOf(ConnectionError)
    expect(server.requests()).toBe(attempts)
  })

  it('but a page of HTML is a StreamParseError, and final', async () => {
    const { client, server } = await setUp((socket) =>
      socket.end(`${head(200, 'content-type: text/html')}<html>\n<p>Sign in</p>\n`),
    )
    expect((await collect(batchResults(client, 'id'))).error).toMatchObject({ code: 'stream_parse' })
    expect(server.requests()).toBe(1)
  })

  it('but a redirect is a ConfigError', async () => {
    const { client } = await setUp((socket) => socket.end(head(301, 'location: https://elsewhere.example/')))
    expect((await collect(batchResults(client, 'id'))).error).toBeInstanceOf(ConfigError)
  })

  it('but an error of 10 MB is that error, without its end', async () => {
    const message = 'No.'.repeat(3_500_000)
    const { client } = await setUp((socket) =>
      socket.end(`${head(400)}{"type":"error","error":{"type":"invalid_request_error","message":"${message}"}}`),
    )
    const { error } = await collect(batchResults(client, 'id'))
    expect(error).toBeInstanceOf(InvalidRequestError)
    expect(JSON.stringify((error as InvalidRequestError).body).length).toBeLessThan(70_000)
  })
})

describe('an abort', () => {
  const reason = new Error('enough')

  async function abortedAfter(count: number, stream: ReadableStream<Uint8Array>) {
    const controller = new AbortController()
    const found = batchResults(clientOf(stream), 'id', { signal: controller.signal })
    for (let n = 0; n < count; n++) await found.next()
    const next = found.next()
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort(reason)
    const error = await next.then(
      () => found.next(),
      (error) => error,
    )
    return { error, listeners: getEventListeners(controller.signal, 'abort').length }
  }

  it.each([
    [0, 'before the first result', silentAfter(lines[0]!.slice(0, 9))],
    [1, 'while another one is awaited', silentAfter(lines[0]!)],
    [2, 'inside a line', silentAfter(lines[0]!, lines[1]! + lines[2]!.slice(0, 9))],
  ])('after %d results, %s, ends the loop at once, and the body', async (count, _, stream) => {
    const { error, listeners } = await abortedAfter(count, stream)
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error).toMatchObject({ cause: reason })
    expect([stream.cancelled.length, listeners]).toEqual([1, 0])
  })

  it('ends the loop between two lines of one chunk', async () => {
    const controller = new AbortController()
    const stream = silentAfter(lines.join(''))
    const found = batchResults(clientOf(stream), 'id', { signal: controller.signal })
    await found.next()
    controller.abort(reason)
    await expect(found.next()).rejects.toMatchObject({ code: 'request_aborted', cause: reason })
    expect(stream.cancelled).toHaveLength(1)
  })

  it('that came before sends nothing', async () => {
    const { client, server } = await setUp((socket) => socket.end())
    const { error } = await collect(batchResults(client, 'id', { signal: AbortSignal.abort(reason) }))
    expect(error).toMatchObject({ code: 'request_aborted', cause: reason })
    expect(server.requests()).toBe(0)
  })

  it('is not waited for any more once the results are read, left or failed', async () => {
    const { signal } = new AbortController()
    const { client } = await setUp((socket, attempt) => socket.end(`${head(attempt === 2 ? 400 : 200)}${body}`))
    await collect(batchResults(client, 'id', { signal }))
    for await (const _ of batchResults(client, 'id', { signal })) break
    await collect(batchResults(client, 'id', { signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('silence', () => {
  it('after a result is an IdleTimeoutError, and no other attempt', async () => {
    vi.useFakeTimers()
    const stream = silentAfter(lines[0]!)
    const found = batchResults(clientOf(stream), 'id', { idleTimeoutMs: 1_000 })
    await found.next()
    // A loop that is busy is not the server's silence.
    await vi.advanceTimersByTimeAsync(10_000)
    const next = found.next().catch((error) => error)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await next).toBeInstanceOf(IdleTimeoutError)
    expect(stream.cancelled).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('before the first result is one, too, after which there is another attempt', async () => {
    vi.useFakeTimers()
    const client = clientOf(silentAfter('{'), silentAfter(lines[0]!))
    const next = batchResults(client, 'id', { idleTimeoutMs: 1_000 }).next()
    await vi.advanceTimersByTimeAsync(1_001)
    expect(await next).toEqual({ done: false, value: results[0] })
  })
})

describe('middleware', () => {
  async function outcomesOf(stream: ReadableStream<Uint8Array>, take: number) {
    const outcomes: Outcome[] = []
    const client = createClient({
      apiKey: 'k',
      fetch: async () => new Response(stream),
      middleware: [
        (request, next) => {
          request.onOutcome((outcome) => outcomes.push(outcome))
          return next(request)
        },
      ],
    })
    const found = batchResults(client, 'id')
    const ids: string[] = []
    const { error } = await collect(
      (async function* () {
        for await (const result of found) {
          yield result
          if (ids.push(result.custom_id) === take) return
        }
      })(),
    )
    return { outcomes, error }
  }
  const whole = () => new Response(body).body!

  it('hears once how it ended, when it has ended', async () => {
    expect((await outcomesOf(whole(), 9)).outcomes).toMatchObject([{ sent: true, error: undefined }])
    expect((await outcomesOf(whole(), 1)).outcomes).toMatchObject([{ sent: true, error: undefined }])
    const broken = await outcomesOf(new Response(`${lines[0]}no\n`).body!, 9)
    expect(broken.outcomes).toMatchObject([{ sent: true, error: broken.error }])
    expect(broken.error).toBeInstanceOf(StreamParseError)
  })
})
