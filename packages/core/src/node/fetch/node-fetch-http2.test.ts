import { once } from 'node:events'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { afterEach, describe, expect, it } from 'vitest'
import { selfSigned } from '../../../test/self-signed.ts'
import { serveHTTP2, serveHTTPS, type TLSServer } from '../../../test/serve-tls.ts'
import {
  type ClientOptions,
  createClient,
  createMessage,
  type MessageParams,
  RequestAbortedError,
  RequestTimeoutError,
  send,
} from '../../index.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }
const streamed = { method: 'POST', path: '/v1/messages', body: params, stream: true }

const fetches: NodeFetch[] = []
const servers: TLSServer[] = []
afterEach(async () => {
  for (const fetch of fetches.splice(0)) await fetch.destroy()
  for (const server of servers.splice(0)) await server.close()
})

function clientOf(server: TLSServer, options: ClientOptions = {}) {
  servers.push(server)
  const fetch = nodeFetch({ http2: true, connections: 1, ca: server.ca })
  fetches.push(fetch)
  return createClient({ apiKey: 'k', baseURL: server.url, fetch, retry: { baseDelayMs: 0 }, ...options })
}

async function setUp(answer: (stream: ServerHttp2Stream, number: number) => void, options?: ClientOptions) {
  const server = await serveHTTP2(answer)
  return { server, client: clientOf(server, options) }
}

function reply(stream: ServerHttp2Stream, body: unknown = message, status = 200): void {
  stream.respond({ ':status': status, 'content-type': 'application/json', 'request-id': 'req_1' })
  stream.end(JSON.stringify(body))
}

/** What both sides can do without being asked, they have done by then. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('over HTTP/2', () => {
  it('requests share one connection, on which the server sees h2 agreed', async () => {
    const waiting: ServerHttp2Stream[] = []
    const { server, client } = await setUp((stream) => {
      waiting.push(stream)
      // None is answered before all are here: they are under way together.
      if (waiting.length === 20) for (const [index, each] of waiting.entries()) reply(each, { id: `msg_${index}` })
    })
    const messages = await Promise.all(Array.from({ length: 20 }, () => createMessage(client, params)))
    expect(new Set(messages.map(({ id }) => id)).size).toBe(20)
    expect(server.sockets.map(({ alpnProtocol }) => alpnProtocol)).toEqual(['h2'])
  })

  it('requests beyond what the server takes at once wait', async () => {
    let most = 0
    let open = 0
    const server = await serveHTTP2(
      (stream) => {
        most = Math.max(most, ++open)
        setImmediate(() => {
          open--
          reply(stream)
        })
      },
      { maxConcurrentStreams: 2 },
    )
    const client = clientOf(server)
    // The first brings the settings.
    await createMessage(client, params)
    const messages = await Promise.all(Array.from({ length: 20 }, () => createMessage(client, params)))
    expect(messages).toEqual(Array(20).fill(message))
    expect(most).toBe(2)
    expect(server.sockets).toHaveLength(1)
  })

  it('an error status is the typed error that it is elsewhere', async () => {
    const { client } = await setUp((stream) =>
      reply(stream, { type: 'error', error: { type: 'not_found_error', message: 'No such model.' } }, 404),
    )
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toMatchObject({ code: 'not_found', status: 404, requestId: 'req_1' })
    expect(error.headers).toBeInstanceOf(Headers)
  })

  it('a stream is read as it is wanted: what nobody reads is not sent', async () => {
    const chunk = Buffer.alloc(65_536)
    const chunks = 256
    let sent = 0
    const { client } = await setUp((stream) => {
      stream.respond({ ':status': 200 })
      const more = () => {
        while (sent < chunks) {
          sent++
          if (!stream.write(chunk)) return void stream.once('drain', more)
        }
        stream.end()
      }
      more()
    })
    const reader = await send(client, streamed, {}, async ({ response }) => response.body!.getReader())
    let bytes = (await reader.read()).value!.length
    await turns()
    expect(sent).toBeLessThan(chunks / 2)
    for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length
    expect(bytes).toBe(chunks * chunk.length)
  })

  it('an abort in the middle resets that stream and no other', async () => {
    const streams: ServerHttp2Stream[] = []
    const { server, client } = await setUp((stream) => {
      streams.push(stream)
      stream.respond({ ':status': 200 })
      stream.write('data: 1\n\n')
    })
    const controller = new AbortController()
    const open = (signal?: AbortSignal) =>
      send(client, streamed, { signal }, async ({ response }) => response.body!.getReader())
    const aborted = await open(controller.signal)
    const other = await open()
    await aborted.read()
    await other.read()
    const closed = once(streams[0]!, 'close')
    controller.abort(new Error('enough'))
    await expect(aborted.read()).rejects.toBeInstanceOf(RequestAbortedError)
    await closed
    expect(streams[0]!.aborted).toBe(true)
    streams[1]!.end('data: 2\n\n')
    expect(new TextDecoder().decode((await other.read()).value)).toBe('data: 2\n\n')
    expect(await other.read()).toMatchObject({ done: true })
    expect(server.sockets).toHaveLength(1)
  })

  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['is refused by the server', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['is reset after its headers', (stream) => stream.respond({}) ?? stream.destroy(new Error('broken'))],
    ['meets a GOAWAY', (stream) => stream.session!.goaway(constants.NGHTTP2_INTERNAL_ERROR)],
    ['loses its connection', (stream) => void stream.session!.destroy()],
    [
      'loses its connection in the body',
      (stream) => {
        stream.respond({ ':status': 200 })
        stream.write('{"id":', () => setImmediate(() => stream.session?.destroy()))
      },
    ],
  ])('a request that %s is a ConnectionError, and the next attempt is answered', async (_, fail) => {
    const { client } = await setUp((stream, number) => (number ? reply(stream) : fail(stream)))
    expect(await createMessage(client, params)).toEqual(message)
    const once = await setUp(fail, { retry: { maxRetries: 0 } })
    await expect(createMessage(once.client, params)).rejects.toMatchObject({ code: 'connection' })
  })

  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['loses', (stream) => stream.session!.destroy()],
    ['gives up', (stream) => stream.session!.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM)],
  ])('what a connection has under way when the server %s it fails, and is not sent again unasked', async (_, fail) => {
    let requests = 0
    const { server, client } = await setUp(
      (stream, number) => {
        requests++
        if (number === 4) fail(stream)
      },
      { retry: { maxRetries: 0 } },
    )
    const calls = Array.from({ length: 5 }, () => createMessage(client, params).catch(({ code }) => code))
    expect(await Promise.all(calls)).toEqual(Array(5).fill('connection'))
    await turns()
    expect([requests, server.sockets.length]).toEqual([5, 1])
  })

  it('a request goes ahead of a stream that is still open', async () => {
    const { server, client } = await setUp((stream, number) => {
      if (number) return reply(stream)
      stream.respond({ ':status': 200 })
      stream.write('data: 1\n\n')
    })
    const reader = await send(client, streamed, {}, async ({ response }) => response.body!.getReader())
    await reader.read()
    expect(await createMessage(client, params)).toEqual(message)
    expect(server.sockets).toHaveLength(1)
    await reader.cancel()
  })

  it('a request that is not answered ends with timeoutMs', async () => {
    const { client } = await setUp(() => {}, { timeoutMs: 100, retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(RequestTimeoutError)
  })
})

it('a host that speaks HTTP/1.1 alone is spoken to so', async () => {
  const server = await serveHTTPS((request, response) => response.end(JSON.stringify({ id: request.httpVersion })))
  expect(await createMessage(clientOf(server), params)).toEqual({ id: '1.1' })
  expect(server.sockets[0]!.alpnProtocol).toBe('http/1.1')
})

it('on a host that speaks HTTP/1.1 alone nothing waits behind a stream', async () => {
  const server = await serveHTTPS((request, response) => {
    if (request.method === 'POST') response.write('data: 1\n\n')
    else response.end('{}')
  })
  servers.push(server)
  const fetch = nodeFetch({ http2: true, ca: server.ca })
  fetches.push(fetch)
  const client = createClient({ apiKey: 'k', baseURL: server.url, fetch })
  const reader = await send(client, streamed, {}, async ({ response }) => response.body!.getReader())
  await reader.read()
  const models = { method: 'GET', path: '/v1/models' }
  expect(await send(client, models, {}, ({ response }) => response.json())).toEqual({})
  expect(server.sockets).toHaveLength(2)
  await reader.cancel()
})

it('HTTP/2 is not offered unasked', async () => {
  const server = await serveHTTPS((_, response) => response.end('{}'))
  servers.push(server)
  const fetch = nodeFetch({ ca: server.ca })
  fetches.push(fetch)
  await (await fetch(server.url)).text()
  // Nothing but this was offered, so nothing else could be chosen; a server for HTTP/2 alone hangs up.
  expect(server.sockets[0]!.alpnProtocol).toBe('http/1.1')
})

it('a host that nobody vouches for is not sent anything', async () => {
  let requests = 0
  const server = await serveHTTP2(() => requests++)
  const client = clientOf({ ...server, ca: selfSigned().cert })
  await expect(createMessage(client, params)).rejects.toMatchObject({
    code: 'connection',
    message: expect.stringContaining('SELF_SIGNED_CERT'),
  })
  expect(requests).toBe(0)
})
