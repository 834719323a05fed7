import { getEventListeners, once } from 'node:events'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { head, type RawServer, rawServer } from '../../../test/raw-server.ts'
import {
  ConnectionError,
  createClient,
  downloadFile,
  IdleTimeoutError,
  NotFoundError,
  type Outcome,
  RequestAbortedError,
} from '../../index.ts'

const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index * 7))

const servers: RawServer[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) await server.close()
})

async function setUp(answer: (socket: Socket, attempt: number) => void) {
  const sockets: Socket[] = []
  const server: RawServer = await rawServer((socket) => {
    sockets.push(socket)
    answer(socket, server.requests() - 1)
  })
  servers.push(server)
  const client = createClient({ apiKey: 'k', baseURL: server.url, retry: { maxRetries: 1, baseDelayMs: 0 } })
  return { server, client, sockets }
}

const whole = (...headers: string[]) => Buffer.concat([Buffer.from(head(200, ...headers)), bytes])

describe('a file that comes down', () => {
  it('is a response with its bytes and its type', async () => {
    const { client } = await setUp((socket) => socket.end(whole('content-type: image/png')))
    const response = await downloadFile(client, 'file_1')
    expect([response.status, response.ok, response.headers.get('content-type')]).toEqual([200, true, 'image/png'])
    const blob = await response.blob()
    expect(blob.type).toBe('image/png')
    expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('is decoded, and no longer says how it was encoded or how long that was', async () => {
    const packed = gzipSync(bytes)
    const { client } = await setUp((socket) => {
      socket.write(head(200, 'content-encoding: gzip', `content-length: ${packed.length}`))
      socket.end(packed)
    })
    const response = await downloadFile(client, 'id')
    expect([...response.headers.keys()]).not.toEqual(expect.arrayContaining(['content-encoding']))
    expect(response.headers.has('content-length')).toBe(false)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it.each([200, 204])('may be empty, with a %d', async (status) => {
    const { client } = await setUp((socket) => socket.end(head(status, 'content-length: 0')))
    expect(await (await downloadFile(client, 'id')).text()).toBe('')
  })

  it('may be a part that a header asks for', async () => {
    const { client } = await setUp((socket) => socket.end(`${head(206, 'content-range: bytes 0-1/9')}ab`))
    const response = await downloadFile(client, 'id', { headers: { range: 'bytes=0-1' } })
    expect([response.status, await response.text()]).toEqual([206, 'ab'])
  })

  it('waits in the network until it is read', async () => {
    let written = 0
    const { client } = await setUp((socket) => {
      socket.write(head(200))
      const more = () => {
        do written += bytes.length
        while (socket.write(bytes) && written < 200_000_000)
      }
      socket.on('drain', more)
      more()
    })
    const { body } = await downloadFile(client, 'id')
    let before: number
    do {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 20))
    } while (written > before)
    expect(written).toBeLessThan(50_000_000)
    await body.cancel()
  })

  it('is asked for again where it does not begin, and not where it breaks off', async () => {
    const { client, server } = await setUp((socket, attempt) =>
      socket.end(attempt ? whole(`content-length: ${bytes.length + 1}`) : ''),
    )
    const response = await downloadFile(client, 'id')
    await expect(response.arrayBuffer()).rejects.toThrow(ConnectionError)
    expect(server.requests()).toBe(2)
  })

  it('that is not there is a NotFoundError', async () => {
    const { client } = await setUp((socket) => socket.end(`${head(404)}{"type":"error"}`))
    await expect(downloadFile(client, 'id')).rejects.toThrow(NotFoundError)
  })

  it('closes its connection when it is cancelled, and lets the signal go', async () => {
    const { signal } = new AbortController()
    const { client, sockets } = await setUp((socket) => socket.write(whole()))
    const { body } = await downloadFile(client, 'id', { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    const closed = once(sockets[0]!, 'close')
    await body.cancel()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await closed
  })

  it('lets the signal go when it has been read', async () => {
    const { signal } = new AbortController()
    const { client } = await setUp((socket) => socket.end(whole()))
    await (await downloadFile(client, 'id', { signal })).arrayBuffer()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('an abort', () => {
  it.each([
    ['before it is read', 0],
    ['while it is read', 1],
  ])('%s fails the reading at once, with the reason', async (_, chunks) => {
    const controller = new AbortController()
    const { client } = await setUp((socket) => socket.write(whole()))
    const { body } = await downloadFile(client, 'id', { signal: controller.signal })
    const reader = body.getReader()
    for (let n = 0; n < chunks; n++) await reader.read()
    controller.abort('enough')
    const rest = async () => {
      while (!(await reader.read()).done);
    }
    await expect(rest()).rejects.toBeInstanceOf(RequestAbortedError)
    await expect(reader.closed).rejects.toMatchObject({ code: 'request_aborted', cause: 'enough' })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('while a chunk is awaited fails that read', async () => {
    const controller = new AbortController()
    const fetch = async () => new Response(new ReadableStream())
    const { body } = await downloadFile(createClient({ apiKey: 'k', fetch }), 'id', { signal: controller.signal })
    const read = body.getReader().read()
    controller.abort('enough')
    await expect(read).rejects.toMatchObject({ code: 'request_aborted', cause: 'enough' })
  })
})

it('silence while it is read is an IdleTimeoutError', async () => {
  vi.useFakeTimers()
  const client = createClient({ apiKey: 'k', fetch: async () => new Response(new ReadableStream()), timeoutMs: 500 })
  const response = await downloadFile(client, 'id', { idleTimeoutMs: 1_000 })
  // Nobody reads: no silence, and no timeout.
  await vi.advanceTimersByTimeAsync(60_000)
  const work = response.text().catch((error) => error)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await work).toBeInstanceOf(IdleTimeoutError)
  expect(vi.getTimerCount()).toBe(0)
})

it('middleware hears once when it has come down, is given up, or breaks off', async () => {
  const outcomes: Outcome[] = []
  const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) })
  const bodies = ['whole', 'given up', broken]
  const client = createClient({
    apiKey: 'k',
    fetch: async () => new Response(bodies.shift()),
    middleware: [
      (request, next) => {
        request.onOutcome((outcome) => outcomes.push(outcome))
        return next(request)
      },
    ],
  })
  const first = await downloadFile(client, 'id')
  expect(outcomes).toHaveLength(0)
  await first.text()
  expect(outcomes).toHaveLength(1)
  await (await downloadFile(client, 'id')).body.cancel()
  await (await downloadFile(client, 'id')).text().catch(() => {})
  expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, expect.any(ConnectionError)])
})
