import Anthropic from '@anthropic-ai/sdk'
import { createClient, type Message, type StreamEvent } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { createEventParser } from '../src/events/create-event-parser.ts'
import { createAccumulator } from '../src/message/create-accumulator.ts'
import { streamMessage } from '../src/stream/stream-message.ts'
import { createRandom, cutAt, randomCuts } from './random.ts'
import { readFixtures } from './read-fixtures.ts'

interface Outcome {
  events: StreamEvent[]
  message: Message
  error?: string
}

function read(chunks: readonly Uint8Array[]): Outcome {
  const events: StreamEvent[] = []
  const accumulator = createAccumulator()
  const parser = createEventParser({
    onEvent(event) {
      events.push(event)
      accumulator.push(event)
    },
  })
  try {
    for (const chunk of chunks) {
      parser.push(chunk)
      chunk.fill(33)
    }
    parser.end()
    return { events, message: accumulator.message }
  } catch (error) {
    return { events, message: accumulator.message, error: String(error) }
  }
}

/** The same, as far as it gets, as the answer to a request. */
async function stream(chunks: Uint8Array[]): Promise<Outcome> {
  const left = chunks.values()
  const body = new ReadableStream({
    pull(controller) {
      const { value } = left.next()
      if (value) controller.enqueue(value)
      else controller.close()
    },
  })
  const client = createClient({ apiKey: 'none', dangerouslyAllowBrowser: true, fetch: async () => new Response(body) })
  const answer = streamMessage(client, { model: 'x', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] })
  const events: StreamEvent[] = []
  try {
    for await (const event of answer) events.push(event)
  } catch {
    // What ended it is compared elsewhere.
  }
  return { events, message: answer.snapshot }
}

/** As text, in which order and -0 count too. */
const toText = (outcome: unknown) => JSON.stringify(outcome, (_, value) => (Object.is(value, -0) ? '-0' : value))

/** The message that the official client puts together from the same bytes. */
async function official(bytes: Uint8Array, name: string): Promise<unknown> {
  const client = new Anthropic({
    apiKey: 'none',
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    logLevel: 'off',
    fetch: async () => new Response(bytes.slice(), { headers: { 'content-type': 'text/event-stream' } }),
  })
  const params = { model: 'x', max_tokens: 1, messages: [] }
  const beta = /^(mcp|fallback|compaction)/.test(name)
  const message = await (beta ? client.beta.messages.stream(params) : client.messages.stream(params)).finalMessage()
  // What its helper for structured output adds is not of the API.
  return JSON.parse(JSON.stringify(message, (key, value) => (key === 'parsed_output' ? undefined : value)))
}

describe.each(readFixtures())('$name', ({ name, bytes }) => {
  const whole = toText(read([bytes.slice()]))

  it('gives the same events and the same message wherever it is cut', () => {
    for (let at = 1; at < bytes.length; at++) {
      const found = toText(read(cutAt(bytes, [at])))
      if (found !== whole) expect(found, `cut at ${at}`).toBe(whole)
    }
  })

  it('gives them cut in many places, and byte by byte', () => {
    const random = createRandom(bytes.length)
    for (let n = 0; n < 100; n++) expect(toText(read(randomCuts(random, bytes)))).toBe(whole)
    expect(toText(read(cutAt(bytes, [...bytes.keys()])))).toBe(whole)
  })

  it('gives them as a stream, too, in chunks cut anywhere', async () => {
    const random = createRandom(bytes.length + 1)
    const { error: _, ...expected } = read([bytes.slice()])
    const cuts = [[bytes.slice()], cutAt(bytes, [...bytes.keys()])]
    for (let n = 0; n < 20; n++) cuts.push(randomCuts(random, bytes))
    for (const chunks of cuts) expect(toText(await stream(chunks))).toBe(toText(expected))
  })

  it('gives the message of the official client, or what that one has not', async () => {
    const { message } = JSON.parse(whole)
    const difference = unlike[name]
    if (!difference) return expect(message).toEqual(await official(bytes, name))
    const [reason, content] = difference
    await expect(official(bytes, name)).rejects.toThrow(reason)
    expect(message.content).toEqual([{ type: 'text', text: content }])
  })
})

/** Where the official client throws: what it says, and what we have. */
const unlike: Record<string, [reason: string, content: string]> = {
  // It drops frames without an `event` field.
  'data-only': ['request ended without sending any chunks', 'no names'],
  'done-marker': ['request ended without sending any chunks', 'proxied'],
  // We throw as well, `streamMessage` with the message as `partial`; an accumulator keeps it.
  'error-after-content': ['overloaded_error', 'Half a'],
  'missing-message-stop': ['stream ended without producing a Message', 'Cut'],
  'unfinished-frame': ['stream ended without producing a Message', 'Cut'],
}

describe('the fixtures', () => {
  it('end in an error only where they hold one', () => {
    const errors = readFixtures().flatMap(({ name, bytes }) => read([bytes]).error && [name])
    expect(errors.filter(Boolean)).toEqual(['error-after-content'])
  })

  it('hold every kind of block and delta', () => {
    const kinds = new Set<string>()
    for (const { bytes } of readFixtures()) {
      for (const event of read([bytes]).events) {
        if (event.type === 'content_block_start') kinds.add(event.content_block.type)
        if (event.type === 'content_block_delta') kinds.add(event.delta.type)
      }
    }
    const blocks = [
      'text',
      'thinking',
      'redacted_thinking',
      'tool_use',
      'server_tool_use',
      'mcp_tool_use',
      'compaction',
    ]
    const deltas = ['text', 'input_json', 'thinking', 'signature', 'citations', 'compaction'].map(
      (kind) => `${kind}_delta`,
    )
    expect([...kinds]).toEqual(expect.arrayContaining([...blocks, ...deltas, 'fallback', 'hologram', 'emphasis_delta']))
  })
})
