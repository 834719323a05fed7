import { getEventListeners, once } from 'node:events'
import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { rawConnections } from '../../../test/raw-connections.ts'
import { serveHTTP2 } from '../../../test/serve-tls.ts'
import { type BodyReader, bodyReader } from '../../http/answer/body-reader.ts'
import { readerOf } from '../../http/answer/reader-of.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'
import type { NodeFetchOptions } from './node-fetch-options.ts'

const fetches: NodeFetch[] = []
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const fetch of fetches.splice(0)) await fetch.destroy()
  for (const server of servers.splice(0)) await server.close()
})

function make(options?: NodeFetchOptions): NodeFetch {
  const fetch = nodeFetch(options)
  fetches.push(fetch)
  return fetch
}

async function start(answer: (socket: Socket, number: number) => void) {
  let number = 0
  const server = await rawConnections((socket) => answer(socket, number++))
  servers.push(server)
  return server
}

const headOf = (...headers: string[]) => ['HTTP/1.1 200 OK', ...headers, '', ''].join('\r\n')
const open = headOf('content-length: 1000000')
const turn = () => new Promise((resolve) => setImmediate(resolve))
const turns = async () => {
  for (let n = 0; n < 50; n++) await turn()
}

/** However that came about. */
const closed = (socket: Socket) =>
  new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve)))

/** As a client of ours asks. */
const ask = (fetch: NodeFetch, url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })

async function readAll(reader: BodyReader): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { value } = await reader.read()
    if (!value) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
}

/** Collects what nobody holds any more. */
function collector(): () => Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  return async () => {
    for (let n = 0; n < 5; n++) {
      collect()
      await turn()
    }
  }
}

describe('a reader of chunks', () => {
  it('gives the bytes as they arrive, as plain arrays, and then the end for ever', async () => {
    let socket!: Socket
    const server = await start((each) => {
      socket = each
      socket.write(`${headOf('content-length: 4')}ab`)
    })
    const response = await ask(make(), server.url)
    const reader = readerOf(response)!
    expect(response.bodyUsed).toBe(false)
    const first = await reader.read()
    expect(Object.getPrototypeOf(first.value)).toBe(Uint8Array.prototype)
    expect(first.value).toEqual(new Uint8Array([97, 98]))
    expect(response.bodyUsed).toBe(true)
    const reads = [reader.read(), reader.read(), reader.read()]
    socket.write('cd')
    expect((await Promise.all(reads)).map(({ value }) => value && [...value])).toEqual([
      [99, 100],
      undefined,
      undefined,
    ])
    expect((await reader.read()).value).toBeUndefined()
  })

  it('takes the body: others find it locked', async () => {
    const server = await start((socket) => socket.write(`${headOf('content-length: 4')}abcd`))
    const response = await ask(make(), server.url)
    const reader = readerOf(response)!
    expect(response.body!.locked).toBe(true)
    expect(() => readerOf(response)).toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(await readAll(reader)).toBe('abcd')
    expect(response.bodyUsed).toBe(true)
  })

  it('is that of the web stream where somebody has asked for it, and there is none without a body', async () => {
    const server = await start((socket, number) =>
      socket.write(number ? 'HTTP/1.1 204 No Content\r\n\r\n' : `${headOf('content-length: 4')}abcd`),
    )
    const response = await ask(make(), server.url)
    const copy = response.clone()
    expect(await readAll(readerOf(response)!)).toBe('abcd')
    expect(await readAll(readerOf(copy)!)).toBe('abcd')
    const empty = await ask(make(), server.url)
    expect(bodyReader in empty).toBe(true)
    expect(readerOf(empty)).toBeUndefined()
    expect(empty.body).toBeNull()
  })

  it('gives what had arrived before the connection broke, and then why', async () => {
    const server = await start((socket) => socket.end(`${open}ab`))
    const response = await ask(make(), server.url)
    await once(server.sockets[0]!, 'close')
    await turns()
    const reader = readerOf(response)!
    expect((await reader.read()).value).toEqual(new Uint8Array([97, 98]))
    for (let n = 0; n < 2; n++) {
      await expect(reader.read()).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'UND_ERR_SOCKET' } })
    }
  })
})

describe.each<[string, (text: Buffer) => Buffer, string[]]>([
  ['a plain body', (bytes) => bytes, []],
  ['a compressed body', (bytes) => gzipSync(bytes, { level: 0 }), ['content-encoding: gzip']],
])('of %s', (_, encode, headers) => {
  const text = 'x'.repeat(8_000_000)
  const bytes = encode(Buffer.from(text))

  it('what nobody reads is not sent, and all of it arrives once it is read', async () => {
    let written = 0
    const server = await start(async (socket) => {
      socket.write(headOf(`content-length: ${bytes.length}`, ...headers))
      while (written < bytes.length && !socket.destroyed) {
        const end = Math.min(written + 20_000, bytes.length)
        const more = socket.write(bytes.subarray(written, end))
        written = end
        if (!more) await once(socket, 'drain').catch(() => {})
      }
    })
    const response = await ask(make(), server.url)
    const reader = readerOf(response)!
    await turns()
    const before = written
    await turns()
    expect([written, written < bytes.length]).toEqual([before, true])
    expect((await readAll(reader)) === text).toBe(true)
    // Another reads it as a web stream.
    written = 0
    expect((await (await ask(make(), server.url)).text()) === text).toBe(true)
  })

  it('what breaks off while it has to wait ends with an error', async () => {
    const server = await start((socket) => {
      socket.write(headOf(`content-length: ${bytes.length}`, ...headers))
      socket.end(bytes.subarray(0, 200_000))
    })
    const response = await ask(make(), server.url)
    const reader = readerOf(response)!
    await turns()
    let length = 0
    const failure = await (async () => {
      for (;;) {
        const { value } = await reader.read()
        length += value!.length
      }
    })().catch((error) => error)
    expect(failure).toMatchObject({ name: 'TypeError', message: 'terminated' })
    expect(length).toBeGreaterThan(50_000)
  })

  it('an abort ends it at once, and the connection', async () => {
    const server = await start((socket) => {
      socket.write(headOf(`content-length: ${bytes.length}`, ...headers))
      socket.write(bytes.subarray(0, 200_000))
    })
    for (const isUnread of [true, false]) {
      const controller = new AbortController()
      const { signal } = controller
      const response = await ask(make(), server.url, { signal })
      await turns()
      expect(getEventListeners(signal, 'abort')).toHaveLength(1)
      const reader = readerOf(response)!
      const reading = isUnread ? undefined : readAll(reader)
      await turns()
      const reason = new Error('enough')
      controller.abort(reason)
      await expect(reading ?? reader.read()).rejects.toBe(reason)
      await expect(reader.read()).rejects.toBe(reason)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      await closed(server.sockets.at(-1)!)
    }
  })

  it('whoever cancels it gives the connection up, and leaves no listener', async () => {
    const server = await start((socket) => {
      socket.write(headOf(`content-length: ${bytes.length}`, ...headers))
      socket.write(bytes.subarray(0, 200_000))
    })
    for (const web of [true, false]) {
      const { signal } = new AbortController()
      const response = await ask(make(), server.url, { signal })
      const reader = web ? response.body!.getReader() : readerOf(response)!
      await reader.read()
      await reader.cancel()
      expect((await reader.read()).value).toBeUndefined()
      expect(response.bodyUsed).toBe(true)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      await closed(server.sockets.at(-1)!)
    }
  })

  it('nobody can read any more, the connection is given up, and the listener goes', async () => {
    const collect = collector()
    const server = await start((socket) => {
      socket.write(headOf(`content-length: ${bytes.length}`, ...headers))
      socket.write(bytes.subarray(0, 200_000))
    })
    const { signal } = new AbortController()
    const forget = async (use: (response: Response) => unknown) => {
      await use(await ask(make(), server.url, { signal }))
    }
    await forget(() => {})
    await forget(({ body }) => body)
    await forget((response) => response.clone())
    await forget((response) => readerOf(response)!.read())
    await forget(({ body }) => body!.getReader().read())
    await turns()
    // Requests, not connections: whoever is told that a port is free may knock here instead.
    expect(server.received).toHaveLength(5)
    await collect()
    await Promise.all(server.sockets.map(closed))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it.each<[string, (response: Response) => BodyReader]>([
    ['its reader', (response) => readerOf(response)!],
    ['its stream', ({ body }) => body!.getReader()],
    ['a reader of its copy', (response) => readerOf(response.clone())!],
  ])('it goes on for whoever holds only %s', async (_, readerIn) => {
    const collect = collector()
    let socket!: Socket
    const small = encode(Buffer.from('abcd'))
    const server = await start((each) => {
      socket = each
      socket.write(headOf(`content-length: ${small.length}`, ...headers))
    })
    const reader = await (async () => readerIn(await ask(make(), server.url)))()
    await collect()
    socket.write(small)
    expect(await readAll(reader)).toBe('abcd')
  })
})

describe('a signal', () => {
  it('ends a request that is not answered', async () => {
    const server = await start(() => {})
    const controller = new AbortController()
    const asking = ask(make(), server.url, { signal: controller.signal })
    while (!server.received.length) await turn()
    controller.abort('text')
    await expect(asking).rejects.toBe('text')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    await closed(server.sockets[0]!)
  })

  it('ends a request that waits for a connection, which is then never sent', async () => {
    const sockets: Socket[] = []
    const server = await start((socket) => sockets.push(socket))
    const fetch = make({ connections: 1 })
    const first = ask(fetch, server.url)
    while (!sockets.length) await turn()
    const controller = new AbortController()
    const second = ask(fetch, server.url, { signal: controller.signal, method: 'POST', body: 'second' })
    await turn()
    controller.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    const third = ask(fetch, server.url, { method: 'POST', body: 'third' })
    for (const answer of [first, third]) {
      sockets.at(-1)!.write(`${headOf('content-length: 2')}ok`)
      expect(await (await answer).text()).toBe('ok')
      while (sockets.length < 2) await turn()
    }
    expect(server.received.map((request) => request.split('\r\n\r\n')[1])).toEqual(['', 'third'])
  })

  it('is left alone when the body is here, when it broke off, and when there is none', async () => {
    const answers = [`${headOf('content-length: 2')}ok`, `${open}a`, 'HTTP/1.1 204 No Content\r\n\r\n', '']
    const server = await start((socket, number) => {
      socket.write(answers[number]!)
      if (number % 2) socket.end()
    })
    const { signal } = new AbortController()
    for (const _ of answers) {
      const text = await ask(make(), server.url, { signal })
        .then((response) => response.text())
        .catch(() => {})
      expect([text, getEventListeners(signal, 'abort')]).toEqual([text, []])
    }
  })
})

it('a connection is used again after a body that was read, skipped, or not there', async () => {
  const server = await start((socket, number) =>
    socket.write(number % 2 ? 'HTTP/1.1 204 No Content\r\n\r\n' : `${headOf('content-length: 2')}ok`),
  )
  const fetch = make({ connections: 1 })
  await (await ask(fetch, server.url)).text()
  await ask(fetch, server.url)
  await readAll(readerOf(await ask(fetch, server.url))!)
  await ask(fetch, server.url)
  // Here whole, though nobody reads it.
  await ask(fetch, server.url)
  await ask(fetch, server.url)
  expect([server.received.length, server.sockets.length]).toEqual([6, 1])
})

it('over HTTP/2 it is the same', async () => {
  const server = await serveHTTP2((stream, number) => {
    stream.on('wantTrailers', () => stream.sendTrailers({ t: '1' }))
    stream.additionalHeaders({ ':status': 103, link: '</a>' })
    const encoding = number ? { 'content-encoding': 'gzip' } : {}
    stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'], x: '1', ...encoding }, { waitForTrailers: true })
    stream.end(number ? gzipSync('text') : 'text')
  })
  servers.push(server)
  const fetch = make({ http2: true, connections: 1, ca: server.ca })
  for (const read of [(response: Response) => response.text(), (response: Response) => readAll(readerOf(response)!)]) {
    const response = await ask(fetch, `${server.url}/p`, { method: 'POST', body: 'x' })
    expect(response).toMatchObject({ status: 200, ok: true, url: `${server.url}/p` })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await read(response)).toBe('text')
  }
  const head = await ask(fetch, server.url, { method: 'HEAD' })
  expect([head.body, head.headers.get('x')]).toEqual([null, '1'])
  expect(server.sockets).toHaveLength(1)
})
