import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTCPServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { selfSigned } from '../../../test/self-signed.ts'
import { errorBody, type LocalServer, reply, serve } from '../../../test/serve.ts'
import {
  type ClientOptions,
  ConfigError,
  createClient,
  createMessage,
  errorToJSON,
  type MessageParams,
  RequestTimeoutError,
  send,
} from '../../index.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'
import type { NodeFetchOptions } from './node-fetch-options.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }
const streamed = { method: 'POST', path: '/v1/messages', body: params, stream: true }

const fetches: NodeFetch[] = []
const servers: Pick<LocalServer, 'close'>[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const fetch of fetches.splice(0)) await fetch.destroy()
  for (const server of servers.splice(0)) await server.close()
})

function make(options?: NodeFetchOptions): NodeFetch {
  const fetch = nodeFetch(options)
  fetches.push(fetch)
  return fetch
}

async function start(answer: (response: ServerResponse, attempt: number) => void) {
  const server = await serve(answer)
  servers.push(server)
  return server
}

function clientOf(server: { url: string }, options: ClientOptions) {
  return createClient({ apiKey: 'k', baseURL: server.url, retry: { maxRetries: 0 }, ...options })
}

/** A server that counts its connections, and answers a request once it is here whole. */
async function startCounting(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const sockets: Socket[] = []
  let requests = 0
  const server = createServer(async (request, response) => {
    requests++
    response.sendDate = false
    answer(request, response, await text(request))
  })
  server.on('connection', (socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push({
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, sockets, requests: () => requests }
}

/** Collects what nobody holds any more. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

/** Everything that a caller can learn of a call, but for the port and the time. */
async function resultOf(work: (client: ReturnType<typeof createClient>) => Promise<unknown>, client: never) {
  const result = await work(client).catch((error) => {
    const { stack: _, cause: __, ...json } = errorToJSON(error)
    const { resetsAt: ___, ...fields } = json.fields
    return { ...json, fields, headers: error.headers instanceof Headers && error.headers.get('request-id') }
  })
  return JSON.parse(JSON.stringify(result ?? null).replace(/127\.0\.0\.1:\d+/g, 'host'))
}

describe('nodeFetch behaves as the fetch of the platform where a server', () => {
  type Work = (client: ReturnType<typeof createClient>) => Promise<unknown>
  const create: Work = (client) => createMessage(client, params)
  const stream: Work = (client) =>
    send(client, streamed, {}, async ({ response, requestId }) => {
      const chunks: string[] = []
      const decoder = new TextDecoder()
      for await (const chunk of response.body!) chunks.push(decoder.decode(chunk, { stream: true }))
      return { requestId, text: chunks.join(''), type: response.headers.get('content-type'), status: response.status }
    })
  it.each<[string, Work, (response: ServerResponse, attempt: number) => void]>([
    ['answers', create, (response) => reply(response, 200, message)],
    [
      'streams',
      stream,
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_2' })
        response.write('data: 1\n\n')
        setImmediate(() => response.end('data: é\n\n'))
      },
    ],
    [
      'breaks off a stream',
      stream,
      (response) => {
        response.writeHead(200)
        response.write('data: 1\n\n', () => response.destroy())
      },
    ],
    ['refuses', create, (response) => reply(response, 400, errorBody('invalid_request_error'))],
    [
      'is overloaded',
      create,
      (response) => reply(response, 529, errorBody('overloaded_error'), { 'retry-after': '3' }),
    ],
    ['answers nothing', create, (response) => response.writeHead(204).end()],
    ['redirects', create, (response) => response.writeHead(307, { location: 'https://elsewhere.example/' }).end()],
    [
      'compresses',
      create,
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(message)))
      },
    ],
    [
      'breaks off its body',
      create,
      (response) => {
        response.writeHead(200, { 'content-length': '99' }).write('{"id":', () => response.destroy())
      },
    ],
    ['breaks off', create, (response) => response.destroy()],
    ['answers in HTML', create, (response) => response.end('<p>Hello</p>')],
    [
      'gets an upload',
      (client) => {
        const body = new FormData()
        body.append('purpose', 'a&b=ü')
        body.append('file', new Blob(['content']), 'name "1".txt')
        return send(client, { method: 'POST', path: '/v1/files', body }, {}, ({ response }) => response.text())
      },
      (response) => response.end('got it'),
    ],
  ])('%s', async (_, work, answer) => {
    const seen: unknown[] = []
    const server = await startCounting(({ headers }, response, body) => {
      const { 'content-type': type = '', 'content-length': length, 'x-api-key': key } = headers
      const boundary = /boundary=(.*)/.exec(type)?.[1] ?? ' '
      const plain = (text: string) => text.replaceAll(boundary, '')
      seen.push({ type: plain(type), sized: length !== undefined, key, body: plain(body) })
      answer(response, seen.length - 1)
    })
    const theirs = await resultOf(work, clientOf(server, {}) as never)
    for (const options of [{}, { http2: true }]) {
      expect(await resultOf(work, clientOf(server, { fetch: make(options) }) as never)).toEqual(theirs)
    }
    expect(seen.slice(1)).toEqual([seen[0], seen[0]])
  })
})

it('a response is one of the platform, and knows where it came from', async () => {
  const server = await start((response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    reply(response, 200, message)
  })
  const response = await make()(`${server.url}/a`)
  expect(response).toBeInstanceOf(Response)
  expect(response.url).toBe(`${server.url}/a`)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.json()).toEqual(message)
})

it('a body is there for as long as its response is, however long that waits', async () => {
  const collect = collector()
  const server = await startCounting((_, response) => {
    response.write('{"id":')
    setImmediate(() => response.end('"msg_1"}'))
  })
  const response = await make()(server.url)
  for (let turn = 0; turn < 5; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await response.json()).toEqual(message)
})

it('takes what the fetch of the platform takes', async () => {
  const server = await start((response) => reply(response, 200, message))
  const fetch = make()
  const init = { method: 'POST', headers: { 'x-mine': '1' }, body: '{"a":1}' }
  await (await fetch(new URL(server.url), init)).text()
  await (await fetch(new Request(server.url, init))).text()
  await (await fetch(new Request(server.url, init), { headers: { 'x-mine': '2' } })).text()
  const body = new Blob(['{"a":1}']).stream()
  await (await fetch(server.url, { ...init, body, duplex: 'half' } as RequestInit)).text()
  expect(server.received.map(({ method, headers, body }) => [method, headers['x-mine'], body])).toEqual([
    ['POST', '1', { a: 1 }],
    ['POST', '1', { a: 1 }],
    ['POST', '2', { a: 1 }],
    ['POST', '1', { a: 1 }],
  ])
})

describe('connections', () => {
  it('are as many as allowed, and what comes beyond waits', async () => {
    const waiting: ServerResponse[] = []
    let most = 0
    const server = await startCounting((_, response) => {
      waiting.push(response)
      most = Math.max(most, waiting.length)
      setImmediate(() => reply(waiting.shift()!, 200, message))
    })
    const client = clientOf(server, { fetch: make({ connections: 2 }) })
    const messages = await Promise.all(Array.from({ length: 20 }, () => createMessage(client, params)))
    expect(messages).toEqual(Array(20).fill(message))
    expect(most).toBeLessThanOrEqual(2)
    expect(server.sockets).toHaveLength(2)
  })

  it('are used again, where the server lets them', async () => {
    const server = await startCounting((_, response) => reply(response, 200, message))
    const client = clientOf(server, { fetch: make() })
    for (let call = 0; call < 10; call++) await createMessage(client, params)
    // The second may begin before the first is quite over.
    expect(server.sockets.length).toBeLessThanOrEqual(2)
  })

  it('that carry nothing keep no process alive', async () => {
    const server = await startCounting((_, response) => reply(response, 200, message))
    const client = clientOf(server, { fetch: make({ keepAliveTimeoutMs: 60_000 }) })
    await createMessage(client, params)
    // This process holds both ends.
    for (const socket of server.sockets) socket.unref()
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.sockets[0]!.destroyed).toBe(false)
    expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap')
  })

  it('are given back by a stream that is cancelled', async () => {
    const server = await startCounting((_, response) => void response.write('data: 1\n\n'))
    const client = clientOf(server, { fetch: make({ connections: 1 }) })
    for (let call = 0; call < 3; call++) {
      const reader = await send(client, streamed, {}, async ({ response }) => response.body!.getReader())
      await reader.read()
      await reader.cancel()
    }
    expect(server.requests()).toBe(3)
  })
})

describe('an end', () => {
  it('by close waits for what is under way, and takes no more', async () => {
    let answer!: ServerResponse
    const server = await startCounting((_, response) => {
      answer = response
      response.write('{"id":')
    })
    const fetch = make()
    const response = await fetch(server.url)
    const closed = fetch.close()
    await expect(fetch(server.url)).rejects.toThrow(new ConfigError('fetch is closed: nodeFetch() makes another.'))
    answer.end('"msg_1"}')
    expect(await response.json()).toEqual(message)
    await closed
    await fetch.close()
    expect(server.sockets).toHaveLength(1)
  })

  it.each(['destroy', Symbol.asyncDispose] as const)('by %s is at once', async (how) => {
    const server = await startCounting((_, response) => void response.write('{"id":'))
    const fetch = make()
    const text = (await fetch(server.url)).text()
    const failure = expect(text).rejects.toThrow()
    const gone = once(server.sockets[0]!, 'close')
    await fetch[how]()
    await failure
    await gone
    await fetch[how]()
    await fetch.close()
  })

  it('is no retry for a call', async () => {
    const server = await start((response) => reply(response, 200, message))
    const fetch = make()
    await fetch.close()
    const client = clientOf(server, { fetch, retry: { maxRetries: 5 } })
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(ConfigError)
    expect(server.received).toHaveLength(0)
  })
})

it('time runs out with timeoutMs', async () => {
  const server = await startCounting(() => {})
  const client = clientOf(server, { fetch: make(), timeoutMs: 50 })
  await expect(createMessage(client, params)).rejects.toBeInstanceOf(RequestTimeoutError)
})

it('time for connecting is limited too', async () => {
  // TLS is asked for, and never spoken.
  const server = createTCPServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket.on('error', () => {})))
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = clientOf({ url }, { fetch: make({ connectTimeoutMs: 50 }) })
  await expect(createMessage(client, params)).rejects.toMatchObject({
    code: 'connection',
    message: expect.stringContaining('UND_ERR_CONNECT_TIMEOUT'),
  })
  for (const socket of sockets) socket.destroy()
  server.close()
})

describe('an option that is not usable is named', () => {
  const { cert } = selfSigned()
  const { key } = selfSigned()
  it.each<[NodeFetchOptions, string]>([
    [{ http2: 'yes' as never }, 'http2 must be true or false.'],
    [{ connections: 0 }, 'connections must be a whole number, 1 or more.'],
    [{ connections: 1.5 }, 'connections must be a whole number, 1 or more.'],
    [{ connections: Number.NaN }, 'connections must be a whole number, 1 or more.'],
    [{ keepAliveTimeoutMs: 0 }, 'keepAliveTimeoutMs must be 1 or more, and less than 2 ** 31.'],
    [{ keepAliveTimeoutMs: Number.POSITIVE_INFINITY }, 'keepAliveTimeoutMs must be 1 or more, and less than 2 ** 31.'],
    [{ connectTimeoutMs: -1 }, 'connectTimeoutMs must be 0 or more, and less than 2 ** 31.'],
    [{ ca: 'secret' }, 'ca must be certificates as PEM.'],
    [{ ca: [cert, 'secret'] }, 'ca must be certificates as PEM.'],
    [{ cert }, 'cert and key must be given together.'],
    [{ key }, 'cert and key must be given together.'],
    [{ cert, key: 'secret' }, 'cert and key must be PEM, and belong together.'],
    [{ cert, key }, 'cert and key must be PEM, and belong together.'],
  ])('%o', (options, text) => {
    let error: unknown
    try {
      nodeFetch(options)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toBe(text)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret')
  })

  it('and what is undefined is not given', () => {
    expect(() => nodeFetch({ http2: undefined, connections: undefined, proxy: undefined, ca: undefined })).not.toThrow()
  })
})
