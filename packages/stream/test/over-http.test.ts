import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type MessageParams, RequestAbortedError, StreamInterruptedError } from '@enjamb/core'
import { createMockServer, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { streamMessage } from '../src/index.ts'
import { blockStart, delta, frames, start } from './wire-text.ts'

const params: MessageParams = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
}

describe('over a real socket', () => {
  it('reads what the API writes, thinking, tools and text', async () => {
    const server = await createMockServer({
      script: script([{ thinking: 'Hm.', text: 'Grüße, 🙂!', toolCalls: [{ name: 'f', input: { a: [1, 'ü'] } }] }]),
    })
    const client = createClient({ apiKey: 'key', baseURL: server.url })
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
    const error = await streamMessage(createClient({ apiKey: 'key', baseURL: server.url }), params)
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
    const stream = streamMessage(createClient({ apiKey: 'key', baseURL: `http://127.0.0.1:${port}` }), params)
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
})
