import { createAnthropic } from '@ai-sdk/anthropic'
import Anthropic from '@anthropic-ai/sdk'
import { streamText } from 'ai'
import { afterEach, describe, expect, it } from 'vitest'
import { createMockServer, type MockServer, script, type Turn } from '../src/index.ts'

// What docs/why.md says that other clients do. Where a test fails after an update, they have mended it: mend the page.

let server: MockServer
afterEach(() => server.close())

async function start(...turns: Turn[]): Promise<Anthropic> {
  server = await createMockServer({ script: script(turns) })
  return new Anthropic({ apiKey: 'k', baseURL: server.url })
}

const hello = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
const text = 'One, two, three, four, five, six, seven.'
const overloaded = (afterEvents: number): Turn => ({ text, error: { type: 'overloaded_error', afterEvents } })

const half = [
  { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: {} } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half' } },
]

describe('the official client', () => {
  it('takes a stream that ends without its end for a whole one', async () => {
    const raw = half.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    const client = await start({ raw, status: 200, headers: { 'content-type': 'text/event-stream' } })
    let events = 0
    for await (const _ of await client.messages.create({ ...hello, stream: true })) events++
    expect(events).toBe(3)
  })

  it('has no status for an overload that a stream begins with, and does not try again', async () => {
    const client = await start(overloaded(0), text)
    const error = await client.messages
      .stream(hello)
      .finalMessage()
      .catch((reason) => reason)
    expect([error.constructor.name, error.status, server.requests.length]).toEqual(['APIError', undefined, 1])
  })

  it('waits for a silent stream beyond its timeout', async () => {
    const client = await start({ text, stallAfterEvents: 4, stallMs: 300 })
    const stream = await client.messages.create({ ...hello, stream: true }, { timeout: 100, maxRetries: 0 })
    for await (const _ of stream);
    expect(server.requests).toHaveLength(1)
  })

  it('ends a loop that was aborted as if it were over', async () => {
    const client = await start({ text, eventDelayMs: 5 })
    const controller = new AbortController()
    let events = 0
    for await (const _ of await client.messages.create({ ...hello, stream: true }, { signal: controller.signal })) {
      if (++events === 3) controller.abort()
    }
    expect(events).toBe(3)
  })

  it('throws away a structured answer that was cut off', async () => {
    const client = await start({ text: '{"river": "The Ni', stopReason: 'max_tokens' })
    const schema = { type: 'object', properties: { river: { type: 'string' } }, required: ['river'] } as const
    const format = {
      type: 'json_schema' as const,
      schema: { ...schema, additionalProperties: false },
      parse: JSON.parse,
    }
    const error = await client.messages.parse({ ...hello, output_config: { format } }).catch((reason) => reason)
    expect(error.message).toMatch(/^Failed to parse structured output/)
    expect(JSON.stringify(error)).not.toMatch(/Ni|usage/)
  })

  it('runs all tools at once, and resolves at the limit of its loop', async () => {
    const call = { name: 'step' }
    const client = await start({ toolCalls: Array.from({ length: 30 }, () => call) })
    let [now, most] = [0, 0]
    const tool = {
      type: 'custom' as const,
      name: 'step',
      description: 'A step.',
      input_schema: { type: 'object' as const },
      parse: (input: unknown) => input,
      async run() {
        most = Math.max(most, ++now)
        await new Promise(setImmediate)
        now--
        return 'done'
      },
    }
    const message = await client.beta.messages.toolRunner({ ...hello, tools: [tool], max_iterations: 1 })
    expect([message.stop_reason, most]).toEqual(['tool_use', 30])
  })
})

describe('streamText of the AI SDK', () => {
  it.each<[string, Turn, string]>([
    ['was refused', { error: 400 }, ''],
    ['broke off', overloaded(5), 'One'],
  ])('ends a loop over a text that %s as if it were whole', async (_, turn, begins) => {
    await start(turn)
    const model = createAnthropic({ apiKey: 'k', baseURL: `${server.url}/v1` })('claude-haiku-4-5')
    let all = ''
    for await (const part of streamText({ model, prompt: 'Hi', onError: () => {} }).textStream) all += part
    expect(all.startsWith(begins) && all.length < text.length).toBe(true)
  })
})
