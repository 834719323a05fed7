import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { type RawConnections, rawConnections } from '../../../test/raw-connections.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'

const fetches: NodeFetch[] = []
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const fetch of fetches.splice(0)) await fetch.destroy()
  for (const server of servers.splice(0)) await server.close()
})

function make(): NodeFetch {
  const fetch = nodeFetch()
  fetches.push(fetch)
  return fetch
}

async function start(answer: (socket: Socket, request: string) => void): Promise<RawConnections> {
  const server = await rawConnections(answer)
  servers.push(server)
  return server
}

const manual = { redirect: 'manual' } as const
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const sized = (body: string | Buffer, ...headers: string[]) =>
  Buffer.concat([
    Buffer.from(lines('HTTP/1.1 200 OK', ...headers, `content-length: ${body.length}`), 'latin1'),
    Buffer.from(body),
  ])
const chunked = (...chunks: string[]) => chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')

/** By undici's own `fetch`, which is that of the platform in the version that ours runs on, and by ours. */
async function both<T>(work: (fetch: typeof globalThis.fetch) => Promise<T>): Promise<[theirs: T, ours: T]> {
  const dispatcher = new Agent()
  const theirs = (url: string, init: object) => undiciFetch(url, { ...init, dispatcher })
  try {
    return [await work(theirs as never), await work(make())]
  } finally {
    await dispatcher.destroy()
  }
}

function wordsOf(error: unknown): unknown {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  return { name, message, code: cause?.code }
}

/** Everything that a caller can learn of a response. */
async function learn(asking: Promise<Response>, read: (response: Response) => Promise<unknown>) {
  try {
    const response = await asking
    const { status, statusText, ok, type, redirected, url, headers, body, bodyUsed } = response
    const head = { status, statusText, ok, type, redirected, path: new URL(url).pathname, headers: [...headers] }
    const content = await read(response).catch(wordsOf)
    return { ...head, hasBody: body !== null, bodyUsed, content, usedAfter: response.bodyUsed }
  } catch (error) {
    return wordsOf(error)
  }
}

const asText = (response: Response) => response.text()
const json = '{"text":"é"}'
const form = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'

describe('is as by fetch', () => {
  it.each<[string, RequestInit]>([
    ['GET', {}],
    ['HEAD', { method: 'head' }],
    ['POST', { method: 'POST', body: 'é', headers: { 'X-Mine': '1', 'content-type': 'text/x', accept: 'a/b' } }],
    ['POST without a body', { method: 'post' }],
    ['POST of nothing', { method: 'POST', body: '' }],
    [
      'PUT',
      {
        method: 'PUT',
        body: 'text',
        headers: [
          ['a', '1'],
          ['a', '2'],
          ['cookie', 'c=1'],
        ],
      },
    ],
    ['DELETE', { method: 'delete', headers: new Headers({ 'user-agent': 'mine', 'accept-encoding': 'identity' }) }],
    ['OPTIONS', { method: 'OPTIONS', headers: { x: '\xe9' } }],
  ])('what a server gets of a %s', async (_, init) => {
    const server = await start((socket) => socket.write(sized('')))
    await both(async (fetch) => (await fetch(`${server.url}/p?a=b c#d`, { ...init, ...manual })).text())
    await both(async (fetch) => (await fetch(`${server.url}/p?`, { ...init, ...manual })).text())
    // In any order, and names have no case.
    const plain = server.received.map((request) => request.toLowerCase().split('\r\n').sort())
    expect(plain[1]).toEqual(plain[0])
    expect(plain[3]).toEqual(plain[2])
  })

  it.each<[string, (response: Response) => Promise<unknown>, Buffer]>([
    ['text', asText, sized(`\ufeff${json}`)],
    ['json', (response) => response.json(), sized(json)],
    ['json that is none', (response) => response.json(), sized('<p>')],
    ['bytes', async (response) => new Uint8Array(await response.arrayBuffer()), sized(json)],
    ['blob', async (response) => (await response.blob()).type, sized(json, 'content-type: a/b')],
    [
      'form',
      async (response) => [...(await response.formData())],
      sized(form, 'content-type: multipart/form-data; boundary=b'),
    ],
    ['form that is none', (response) => response.formData(), sized(json)],
    [
      'clone',
      async (response) => [await response.clone().text(), response.bodyUsed, await response.text()],
      sized(json),
    ],
    ['clone of a clone', async (response) => response.clone().clone().json(), sized(json)],
    ['text, twice', async (response) => [await response.text(), await response.text()], sized(json)],
    ['clone of what is read', async (response) => [await response.text(), response.clone()], sized(json)],
    ['wrapped response', (response) => new Response(response.body, response).text(), sized(json, 'x: 1')],
    ['body of nothing', asText, sized('')],
    [
      'body by pieces of one byte',
      async (response) => {
        const reader = response.body!.getReader({ mode: 'byob' })
        const bytes: (number | undefined)[] = []
        for (;;) {
          const { done, value } = await reader.read(new Uint8Array(1))
          if (done) return bytes
          bytes.push(value[0])
        }
      },
      sized(json),
    ],
    [
      'body in two branches',
      async ({ body }) => Promise.all(body!.tee().map((branch) => new Response(branch).text())),
      sized(json),
    ],
    [
      'body through a pipe',
      async ({ body }) =>
        new Response(body!.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream())).text(),
      sized(json),
    ],
    [
      'body that is locked',
      async (response) => {
        response.body!.getReader()
        return [response.bodyUsed, await response.text()]
      },
      sized(json),
    ],
    [
      'body that is cancelled',
      async (response) => {
        await response.body!.cancel()
        return [response.bodyUsed, await response.text().catch(({ name }) => name)]
      },
      sized(json),
    ],
  ])('a response read as %s', async (_, read, answer) => {
    const server = await start((socket) => socket.write(answer))
    const [theirs, ours] = await both((fetch) => learn(fetch(`${server.url}/p#f`, manual), read))
    expect(ours).toEqual(theirs)
  })

  it.each<[string, string | Buffer, RequestInit?]>([
    ['an error', lines('HTTP/1.1 404 Not Here', 'content-length: 0')],
    ['no content', lines('HTTP/1.1 204 No Content', 'x: 1')],
    ['reset content', lines('HTTP/1.1 205 Reset Content', 'content-length: 0')],
    ['not modified', lines('HTTP/1.1 304 Not Modified', 'content-length: 9')],
    ['a redirect', `${lines('HTTP/1.1 307 Temporary Redirect', 'location: /elsewhere', 'content-length: 2')}no`],
    ['an unknown status', lines('HTTP/1.1 599 X', 'content-length: 0')],
    [
      'only headers, as asked',
      lines('HTTP/1.1 200 OK', 'content-length: 9', 'content-encoding: gzip'),
      { method: 'HEAD' },
    ],
    ['early hints', lines('HTTP/1.1 103 Early Hints', 'link: </a>') + lines('HTTP/1.1 102 Processing') + sized(json)],
    ['a header twice', sized(json, 'a: 1', 'b: x', 'A: 2', 'set-cookie: a=1', 'set-cookie: b=2')],
    ['headers beyond ASCII', sized(json, 'a: \xe9\xff', 'b: \xc3\xa9', 'c:   ')],
    [
      'chunks with trailers',
      `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}${chunked('ab', 'c')}0\r\nt: 1\r\n\r\n`,
    ],
    ['a body up to the end of the connection', `${lines('HTTP/1.1 200 OK', 'connection: close')}body`],
    ['too little', `${lines('HTTP/1.1 200 OK', 'content-length: 9')}body`],
    ['a chunk that breaks off', `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}9\r\nbody`],
    ['chunks without an end', `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}${chunked('ab')}`],
    ['a chunk of no size', `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}${chunked('ab')}zz\r\n`],
    ['nothing', ''],
    ['what is no HTTP', 'SSH-2.0\r\n\r\n'],
    ['gzip', sized(gzipSync(json), 'content-encoding: gzip')],
    ['gzip by its old name', sized(gzipSync(json), 'Content-Encoding: X-GZIP')],
    ['deflate', sized(deflateSync(json), 'content-encoding: deflate')],
    ['deflate without its header', sized(deflateRawSync(json), 'content-encoding: deflate')],
    ['deflate of nothing', sized('', 'content-encoding: deflate')],
    ['br', sized(brotliCompressSync(json), 'content-encoding: br')],
    ['two codings', sized(brotliCompressSync(gzipSync(json)), 'content-encoding: gzip, br')],
    [
      'two codings in two headers',
      sized(gzipSync(deflateSync(json)), 'content-encoding: deflate', 'content-encoding: gzip'),
    ],
    [
      'five codings',
      sized(
        [1, 2, 3, 4, 5].reduce((bytes) => gzipSync(bytes), Buffer.from(json)),
        `content-encoding: ${Array(5).fill('gzip')}`,
      ),
    ],
    ['six codings', sized(json, `content-encoding: ${Array(6).fill('gzip')}`)],
    ['an unknown coding', sized(json, 'content-encoding: own')],
    ['a known and an unknown coding', sized(gzipSync(json), 'content-encoding: own, gzip')],
    ['gzip of nothing', sized('', 'content-encoding: gzip')],
    ['gzip without its end', sized(gzipSync(json).subarray(0, -9), 'content-encoding: gzip')],
    [
      'gzip with something behind it',
      sized(Buffer.concat([gzipSync(json), Buffer.from('more')]), 'content-encoding: gzip'),
    ],
    ['gzip that is none', sized(json, 'content-encoding: gzip')],
    ['two codings of which the inner is none', sized(gzipSync('none'), 'content-encoding: gzip, gzip')],
    ['gzip that breaks off', `${lines('HTTP/1.1 200 OK', 'content-length: 99', 'content-encoding: gzip')}`],
    ['no content that says gzip', lines('HTTP/1.1 204 No Content', 'content-encoding: gzip')],
  ])('an answer of %s', async (_, answer, init) => {
    const server = await start((socket) => socket.end(answer, 'latin1' as never))
    const [theirs, ours] = await both((fetch) => learn(fetch(`${server.url}/p`, { ...manual, ...init }), asText))
    expect(ours).toEqual(theirs)
  })

  it('a fault of the caller', async () => {
    const server = await start((socket) => socket.write(sized('')))
    const closed = await start(() => {})
    await closed.close()
    const cases: [string, RequestInit][] = [
      ['/p', { method: 'GET', body: 'x' }],
      ['/p', { method: 'a b' }],
      ['/p', { headers: { 'a b': '1' } }],
      ['/p', { headers: { 'transfer-encoding': 'x' } }],
      ['/p', { signal: AbortSignal.abort() }],
      ['/p', { signal: AbortSignal.abort('text') }],
    ]
    const urls = ['no url', `${server.url.replace('//', '//user:password@')}/`, 'ftp://127.0.0.1/', closed.url]
    const all: [string, RequestInit][] = [
      ...cases.map(([path, init]): [string, RequestInit] => [server.url + path, init]),
      ...urls.map((url): [string, RequestInit] => [url, {}]),
    ]
    for (const [url, init] of all) {
      const [theirs, ours] = await both((fetch) =>
        fetch(url, { ...init, ...manual }).then(
          ({ status }) => status,
          (error) => Object(error).name ?? error,
        ),
      )
      expect([url, init, ours]).toEqual([url, init, theirs])
    }
    expect(server.received).toHaveLength(0)
  })
})
