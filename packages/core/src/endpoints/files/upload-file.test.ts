import { once } from 'node:events'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { type ClientOptions, ConfigError, createClient, uploadFile } from '../../index.ts'

const metadata = { id: 'file_1', type: 'file' }

let server: Server | undefined
let folder: string | undefined
afterEach(async () => {
  server?.closeAllConnections()
  if (server) await once(server.close(), 'close')
  server = undefined
  if (folder) await rm(folder, { recursive: true })
  folder = undefined
})

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

async function setUp(answer: Answer, options: ClientOptions = {}) {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return createClient({ apiKey: 'k', baseURL, retry: { baseDelayMs: 0 }, ...options })
}

/** Reads each request whole, and answers with the next of the statuses. */
async function receiving(...statuses: number[]) {
  const received: { request: IncomingMessage; body: Buffer; form: FormData }[] = []
  const client = await setUp(async (request, response) => {
    const body = await buffer(request)
    const headers = { 'content-type': request.headers['content-type']! }
    received.push({ request, body, form: await new Response(body, { headers }).formData() })
    response.writeHead(statuses.shift() ?? 200).end(JSON.stringify(metadata))
  })
  return { client, received }
}

const fileIn = (form: FormData | undefined) => form?.get('file') as File

describe('a file', () => {
  it('goes up as a form, with its name and type', async () => {
    const { client, received } = await receiving()
    const file = new File(['%PDF'], 'a.pdf', { type: 'application/pdf' })
    expect(await uploadFile(client, { file, expires_in_seconds: 3_600 })).toEqual(metadata)
    const [{ request, body, form } = expect.fail()] = received
    expect([request.method, request.url]).toEqual(['POST', '/v1/files'])
    expect(request.headers).toMatchObject({ 'x-api-key': 'k', 'content-length': String(body.length) })
    // The files endpoints are no beta any more, and its header would bring back their older answers.
    expect(request.headers).not.toHaveProperty('anthropic-beta')
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(request.headers['content-type']!)?.[1]
    expect(body.toString()).toContain(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n`,
    )
    expect(form.get('expires_in_seconds')).toBe('3600')
  })

  it.each<[string, Blob, string | undefined, string]>([
    ['its own', new File([''], 'own.txt'), undefined, 'own.txt'],
    ['the one that is given', new File([''], 'own.txt'), 'given.txt', 'given.txt'],
    ['the one that a blob is given', new Blob(['']), 'given.txt', 'given.txt'],
    ['"unnamed" without one', new Blob(['']), undefined, 'unnamed'],
    ['"unnamed" with an empty one', new Blob(['']), '', 'unnamed'],
    ['one with quotes and letters beyond ASCII', new Blob(['']), 'ä"😀.txt', 'ä"😀.txt'],
  ])('has a name: %s', async (_, file, filename, expected) => {
    const { client, received } = await receiving()
    await uploadFile(client, { file, filename })
    expect(fileIn(received[0]?.form).name).toBe(expected)
  })

  it('whose name has line breaks adds no header to its part', async () => {
    const { client, received } = await receiving()
    await uploadFile(client, { file: new Blob(['x']), filename: 'a"\r\nContent-Type: text/html\r\n\r\n' })
    const [{ body } = expect.fail()] = received
    expect(body.toString()).toContain('filename="a%22%0D%0AContent-Type: text/html%0D%0A%0D%0A"\r\n')
  })

  it('goes up again, whole, after a failure', async () => {
    const { client, received } = await receiving(500, 429, 200)
    const file = new Blob(['x'.repeat(100_000)])
    await uploadFile(client, { file })
    expect(received.map(({ form }) => fileIn(form).size)).toEqual([100_000, 100_000, 100_000])
    const keys = received.map(({ request }) => request.headers['idempotency-key'])
    expect(keys).toEqual([expect.any(String), keys[0], keys[0]])
  })

  it('is read from disk while it is sent, and is never in memory as a whole', async () => {
    folder = await mkdtemp(join(tmpdir(), 'enjamb-upload-'))
    const path = join(folder, 'large')
    await writeFile(path, '')
    await truncate(path, 128_000_000)
    let bytes = 0
    let most = 0
    const client = await setUp(async (request, response) => {
      for await (const chunk of request) {
        bytes += chunk.length
        most = Math.max(most, process.memoryUsage().arrayBuffers)
      }
      response.end(JSON.stringify(metadata))
    })
    const before = process.memoryUsage().arrayBuffers
    await uploadFile(client, { file: await openAsBlob(path) })
    expect(bytes).toBeGreaterThan(128_000_000)
    expect(most - before).toBeLessThan(96_000_000)
  })

  it('ends at an abort', async () => {
    const controller = new AbortController()
    let closed: Promise<unknown> | undefined
    const client = await setUp((request) => {
      closed = once(request, 'close').catch(() => {})
      request.resume().once('data', () => controller.abort('enough'))
    })
    const work = uploadFile(client, { file: new Blob(['x'.repeat(20_000_000)]) }, { signal: controller.signal })
    await expect(work).rejects.toMatchObject({ code: 'request_aborted', cause: 'enough' })
    await closed
  })

  it('follows no redirect, and is sent once', async () => {
    let requests = 0
    const client = await setUp((request, response) => {
      requests++
      request.resume().on('end', () => response.writeHead(307, { location: '/elsewhere' }).end())
    })
    await expect(uploadFile(client, { file: new Blob(['x']) })).rejects.toThrow(
      new ConfigError('baseURL must not redirect.'),
    )
    expect(requests).toBe(1)
  })

  it('goes through a fetch that is given, which must know no more than its platform', async () => {
    const sent: unknown[] = []
    const fetch = async (_: unknown, init?: RequestInit) => {
      sent.push(init)
      if (init?.redirect === 'error') throw new TypeError('Invalid redirect value, as a worker says.')
      return Response.json(metadata)
    }
    const client = createClient({ apiKey: 'k', fetch })
    expect(await uploadFile(client, { file: new Blob(['x']) })).toEqual(metadata)
    expect(sent).toMatchObject([
      { body: expect.any(FormData), redirect: 'error' },
      { body: expect.any(FormData), redirect: 'manual' },
    ])
  })

  it.each<[string, object]>([
    ['file', { file: 'path/to/file' }],
    ['file', { file: new Uint8Array(3) }],
    ['file', {}],
    ['expires_in_seconds', { file: new Blob(['']), expires_in_seconds: 3_599 }],
    ['expires_in_seconds', { file: new Blob(['']), expires_in_seconds: 7_776_001 }],
    ['expires_in_seconds', { file: new Blob(['']), expires_in_seconds: Number.NaN }],
    ['expires_in_seconds', { file: new Blob(['']), expires_in_seconds: -1 }],
  ])('is refused for its %s: %o', async (name, params) => {
    let sent = 0
    const client = createClient({ apiKey: 'k', fetch: async () => Response.json(sent++) })
    const call = uploadFile(client, params as never)
    await expect(call).rejects.toThrow(ConfigError)
    await expect(call).rejects.toThrow(new RegExp(`^${name} must be`))
    expect(sent).toBe(0)
  })
})
