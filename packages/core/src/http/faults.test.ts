import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { head, type RawServer, rawServer } from '../../test/raw-server.ts'
import { createClient, createMessage, type EnjambError, type MessageParams } from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

let server: RawServer
afterEach(() => server?.close())

const json = '{"id":"msg_1"}'

async function outcome(answer: (socket: Socket) => void, timeoutMs: number) {
  server = await rawServer(answer)
  const client = createClient({ apiKey: 'k', baseURL: server.url, timeoutMs, retry: { maxRetries: 1, baseDelayMs: 0 } })
  const end = await createMessage(client, params).then(
    (message) => message.id,
    (error: EnjambError) => error.code,
  )
  return [end, server.requests()]
}

describe('a server that', () => {
  it.each<[name: string, answer: (socket: Socket) => void, code: string, attempts: number]>([
    ['resets before its headers', (socket) => socket.resetAndDestroy(), 'connection', 2],
    ['closes before its headers', (socket) => socket.end(), 'connection', 2],
    [
      'resets inside its headers',
      (socket) => socket.write('HTTP/1.1 2', () => socket.resetAndDestroy()),
      'connection',
      2,
    ],
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'connection', 2],
    ['is silent', () => {}, 'request_timeout', 2],
    ['stalls inside its headers', (socket) => socket.write('HTTP/1.1 200 OK\r\n'), 'request_timeout', 2],
    ['stalls inside its body', (socket) => socket.write(`${head(200)}{"id":`), 'request_timeout', 2],
    ['stalls inside the body of an error', (socket) => socket.write(`${head(400)}{"error":`), 'request_timeout', 2],
    ['breaks off its body', (socket) => socket.end(`${head(200, 'content-length: 99')}${json}`), 'connection', 2],
    [
      'breaks off the body of an error',
      (socket) => socket.end(`${head(400, 'content-length: 99')}no`),
      'invalid_request',
      1,
    ],
    ['ends its JSON too early', (socket) => socket.end(`${head(200)}{"id":`), 'stream_parse', 1],
    ['says nothing with a 200', (socket) => socket.end(head(200)), 'stream_parse', 1],
    ['says nothing with a 204', (socket) => socket.end(head(204)), 'stream_parse', 1],
    ['answers in HTML', (socket) => socket.end(`${head(200, 'content-type: text/html')}<p>`), 'stream_parse', 1],
    ['redirects', (socket) => socket.end(head(301, 'location: https://elsewhere.example/')), 'config', 1],
    ['redirects nowhere', (socket) => socket.end(head(304)), 'config', 1],
    [
      'says another type for its JSON',
      (socket) => socket.end(`${head(200, 'content-type: text/plain')}${json}`),
      'msg_1',
      1,
    ],
    [
      'compresses',
      (socket) => socket.end(Buffer.concat([Buffer.from(head(200, 'content-encoding: gzip')), gzipSync(json)])),
      'msg_1',
      1,
    ],
  ])('%s', async (_, answer, end, attempts) => {
    expect(await outcome(answer, end === 'request_timeout' ? 200 : 30_000)).toEqual([end, attempts])
  })

  it('never ends the body of an error is cut off', async () => {
    const closed = { bytes: 0 }
    const [end] = await outcome((socket) => {
      socket.write(head(400))
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(16_384))) closed.bytes += 16_384
      }
      socket.on('drain', more)
      more()
    }, 30_000)
    expect(end).toBe('invalid_request')
    expect(closed.bytes).toBeLessThan(50_000_000)
  })

  it('does not exist is named, with what to look at', async () => {
    const client = createClient({ apiKey: 'k', baseURL: 'http://does-not-exist.invalid', retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toMatchObject({
      code: 'connection',
      message: expect.stringMatching(/does-not-exist\.invalid\/v1\/messages: E\w+\. Is baseURL right\?/),
    })
  })
})
