import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  bodyReader,
  type ClientOptions,
  createClient,
  type MessageParams,
  RequestAbortedError,
  StreamInterruptedError,
} from '@enjamb/core'
import { type NodeFetch, nodeFetch } from '@enjamb/core/node'
import { createMockServer, script } from '@enjamb/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { streamMessage } from '../src/index.ts'
import { answer, blockStart, delta, frames, start } from './wire-text.ts'

const params: MessageParams = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
}

const fetches: NodeFetch[] = []
afterEach(async () => {
  for (const fetch of fetches.splice(0)) await fetch.destroy()
})

describe.each([
  ["the platform's fetch", () => undefined],
  ['nodeFetch', () => nodeFetch()],
])('over a real socket, by %s', (_, makeFetch) => {
  function clientOf(baseURL: string, options: ClientOptions = {}) {
    const fetch = makeFetch()
    if (fetch) fetches.push(fetch)
    return createClient({ apiKey: 'key', baseURL, fetch, ...options })
  }

  it('reads what the API writes, thinking, tools and text', async () => {
    const server = await createMockServer({
      script: script([{ thinking: 'Hm.', text: 'Grüße, 🙂!', toolCalls: [{ name: 'f', input: { a: [1, 'ü'] } }] }]),
    })
    const client = clientOf(server.url)
    const message = await streamMessage(client, {
      ...params,
      max_tokens: 4_000,
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
    }).final()
    await server.close()
    expect(message.stop_reason).toBe('tool_use')
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'Grüße, 🙂!' },
      { type: 'tool_use', name: 'f', input: { a: [1, 'ü'] } },
    ])
  })

  it('keeps what came before the connection was cut', async () => {
    const server = await createMockServer({
      script: script([{ text: 'It breaks off here somewhere.', cutAfterEvents: 5 }]),
    })
    const error = await streamMessage(clientOf(server.url), params)
      .final()
      .catch((reason) => reason)
    await server.close()
    expect(error).toBeInstanceOf(StreamInterruptedError)
    expect(error.partial.content[0].text).toMatch(/^It/)
  })

  it('slows a server down that writes faster than it is read, and hangs up when it is left', async () => {
    let written = 0
    let closed: Promise<unknown> | undefined
    const server = createServer((request, response) => {
      request.resume()
      closed = once(response, 'close')
      response.write(frames(start, blockStart))
      const more = frames(delta('x'.repeat(100_000)))
      const write = () => {
        while (!response.destroyed && response.write(more)) written += more.length
      }
      response.on('drain', write)
      write()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const stream = streamMessage(clientOf(`http://127.0.0.1:${port}`), params)
    const events = stream[Symbol.asyncIterator]()
    await events.next()
    // The kernel's buffers fill, then the server waits: that it stays so is what is to be seen, so time must pass.
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    expect(written).toBeLessThan(64 * 1024 * 1024)
    await events.return(undefined)
    await closed
    server.close()
    expect(await stream.final().catch((reason) => reason)).toBeInstanceOf(RequestAbortedError)
  })

  it('reads a response that a middleware wraps', async () => {
    const server = await createMockServer({ script: script([{ text: 'It is wrapped.' }]) })
    const seen: Response[] = []
    const client = clientOf(server.url, {
      middleware: [
        async (request, next) => {
          const response = await next(request)
          seen.push(response.clone())
          return new Response(response.body, response)
        },
      ],
    })
    const message = await streamMessage(client, params).final()
    const relayed = await seen[0]!.text()
    await server.close()
    expect(message.content).toMatchObject([{ text: 'It is wrapped.' }])
    expect(relayed).toContain('event: message_stop')
  })
})

it('a response that offers a reader of its own is asked for no web stream', async () => {
  const chunks = [new TextEncoder().encode(answer('Grüße'))]
  const response = {
    ok: true,
    status: 200,
    headers: new Headers(),
    [bodyReader]: () => ({ read: async () => ({ value: chunks.shift() }), cancel: async () => {}, releaseLock() {} }),
    get body() {
      return expect.fail('it was asked for its body')
    },
  }
  const client = createClient({ apiKey: 'key', fetch: async () => response as never })
  expect((await streamMessage(client, params).final()).content).toMatchObject([{ text: 'Grüße' }])
})
