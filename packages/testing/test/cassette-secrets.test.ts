import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { record, replay } from '../src/index.ts'

const key = 'gateway_Key-9f8e7d6c5b4a'

let folder: string
const servers: Server[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-cassette-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What a cassette holds after one request to a server that answers like this, and what the client got. */
async function recorded(listener: RequestListener, path: string, init: RequestInit) {
  const file = join(folder, 'one.json')
  const proxy = await record({ upstream: await serve(listener), file })
  const response = await fetch(`${proxy.url}${path}`, { redirect: 'manual', ...init })
  const body = Buffer.from(await response.arrayBuffer())
  await proxy.close()
  return { file, text: await readFile(file, 'utf8'), response, body }
}

it.each<[string, string, RequestInit]>([
  ['x-api-key', '/v1/messages', { headers: { 'x-api-key': key } }],
  ['a bearer token', '/v1/messages', { headers: { authorization: `Bearer ${key}` } }],
  ['a password', '/v1/messages', { headers: { authorization: `Basic ${btoa(`me:${key}`)}` } }],
  ['a header of the gateway', '/v1/messages', { headers: { 'x-gateway-api-key': key } }],
  ['a cookie', '/v1/messages', { headers: { cookie: `theme=dark; session=${key}` } }],
  ['the query', `/v1/messages?beta=true&api_key=${key}`, {}],
  ['the path, as it is a header too', `/of/${key}/v1/messages`, { headers: { 'x-api-key': key } }],
])('keeps no key that came as %s, wherever the server says it again', async (_, path, init) => {
  const { text, body, response } = await recorded(
    (_request, outgoing) => {
      outgoing.setHeader('content-type', 'application/json')
      outgoing.setHeader('x-echo', `you are ${key}`)
      outgoing.end(JSON.stringify({ you: key }))
    },
    path,
    { method: 'POST', body: JSON.stringify({ say: `my key is ${key}` }), ...init },
  )
  expect(text).not.toContain(key)
  expect(text).not.toContain(btoa(`me:${key}`))
  expect(text).toContain('you are redacted')
  // The client gets what the server sent.
  expect([JSON.parse(body.toString()), response.headers.get('x-echo')]).toEqual([{ you: key }, `you are ${key}`])
})

it('keeps no key of bytes that are no text, nor one that two chunks share', async () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x80]), Buffer.from(key), Buffer.from([0xc0, 0x00])])
  const { file, body } = await recorded(
    (_request, outgoing) => {
      outgoing.write(bytes)
      outgoing.write(`a key in two: ${key.slice(0, 9)}`)
      setImmediate(() => setImmediate(() => outgoing.end(`${key.slice(9)}, sk-ant-api03-and_another`)))
    },
    '/v1/files/x/content',
    { headers: { 'x-api-key': key } },
  )
  expect(body.includes(key)).toBe(true)
  const server = await replay({ file })
  const again = await fetch(`${server.url}/v1/files/x/content`, { headers: { 'x-api-key': 'another' } })
  const replayed = Buffer.from(await again.arrayBuffer())
  await server.close()
  expect(replayed).toEqual(
    Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from('redacted'),
      Buffer.from([0xc0, 0x00]),
      Buffer.from('a key in two: redacted, sk-ant-redacted'),
    ]),
  )
})

it('leaves ordinary words alone, though they are keys', async () => {
  const { text } = await recorded((_request, outgoing) => outgoing.end('testing is any fun'), '/v1/messages', {
    headers: { 'x-api-key': 'testing', authorization: 'Bearer any' },
  })
  expect(text).toContain('testing is any fun')
})

it('follows no redirect, and so carries the key nowhere; the client sees it', async () => {
  const reached: (string | undefined)[] = []
  const elsewhere = await serve((request, outgoing) => {
    reached.push(request.headers['x-api-key'] as string)
    outgoing.end()
  })
  const { response, text } = await recorded(
    (_request, outgoing) => outgoing.writeHead(307, { location: `${elsewhere}/?token=${key}` }).end(),
    '/v1/messages',
    { method: 'POST', body: '{}', headers: { 'x-api-key': key } },
  )
  expect([response.status, reached]).toEqual([307, []])
  expect(JSON.parse(text)).toMatchObject({ exchanges: [{ response: { status: 307 } }] })
  expect(text).not.toContain(key)
})
