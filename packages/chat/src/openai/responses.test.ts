import type { Turn } from '@enjamb/testing'
import fc from 'fast-check'
import OpenAI, { APIError, BadRequestError } from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { serveFetch } from '../../test/serve-fetch.ts'
import { createOpenAIHandler } from './index.ts'

async function setUp(turns: Turn[] = []) {
  const { chat, sent } = await mockChat(turns, { retry: { maxRetries: 0 } })
  const url = await serveFetch(createOpenAIHandler(chat, { authorize: () => true }))
  return { client: new OpenAI({ apiKey: 'door', baseURL: `${url}/v1`, maxRetries: 0 }), sent }
}

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
}
const calls = ['Rome', 'Paris'].map((city) => ({ name: 'weather', input: { city } }))

describe("OpenAI's client", () => {
  it('gets a response with its usage', async () => {
    const { client, sent } = await setUp(['The Rhine.'])
    const response = await client.responses.create({
      model: 'haiku',
      instructions: 'Be brief.',
      input: 'A river?',
      max_output_tokens: 100,
      reasoning: { effort: 'low' },
      store: false,
    })
    expect(response.output_text).toBe('The Rhine.')
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      model: 'claude-haiku-5-5',
      instructions: 'Be brief.',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'The Rhine.' }] }],
      usage: { total_tokens: response.usage!.input_tokens + response.usage!.output_tokens },
    })
    expect(sent()[0]).toMatchObject({
      system: 'Be brief.',
      max_tokens: 100,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'A river?' }] }],
      output_config: { effort: 'low' },
    })
  })

  it('calls tools, and goes on with the items of the response', async () => {
    const { client, sent } = await setUp([{ text: 'So:', toolCalls: calls }, 'Sunny in both.'])
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'developer', content: 'Be kind.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Where is it sunny?' }] },
    ]
    const response = await client.responses.create({ model: 'haiku', input, tools: [weather] })
    expect(response.output.map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call'])
    input.push(...(response.output as OpenAI.Responses.ResponseInputItem[]))
    for (const item of response.output) {
      if (item.type === 'function_call')
        input.push({ type: 'function_call_output', call_id: item.call_id, output: 'Sunny.' })
    }
    const done = await client.responses.create({ model: 'haiku', input, tools: [weather] })
    expect(done.output_text).toBe('Sunny in both.')
    expect(sent()[1]).toMatchObject({
      system: 'Be kind.',
      messages: [
        { role: 'user' },
        { role: 'assistant', content: [{ type: 'text', text: 'So:' }, { type: 'tool_use' }, { type: 'tool_use' }] },
        { role: 'user', content: [{ type: 'tool_result' }, { type: 'tool_result' }] },
      ],
    })
  })

  it('parses a response by its own helper', async () => {
    const { client, sent } = await setUp(['{"name": "Rhine", "km": 1230}'])
    const format = zodTextFormat(z.object({ name: z.string(), km: z.number() }), 'river')
    const response = await client.responses.parse({ model: 'haiku', input: 'A river?', text: { format } })
    expect(response.output_parsed).toEqual({ name: 'Rhine', km: 1230 })
    expect(sent()[0]?.output_config).toMatchObject({ format: { type: 'json_schema' } })
  })

  it('streams a response, event by event', async () => {
    const { client } = await setUp([{ text: 'So:', toolCalls: calls }])
    const stream = await client.responses.create({ model: 'haiku', input: 'Hi', tools: [weather], stream: true })
    const types: string[] = []
    let text = ''
    let number = 0
    for await (const event of stream) {
      expect(event.sequence_number).toBe(number++)
      if (types.at(-1) !== event.type) types.push(event.type)
      if (event.type === 'response.output_text.delta') text += event.delta
    }
    expect(text).toBe('So:')
    const call = [
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ]
    expect(types).toEqual(
      [
        'created',
        'in_progress',
        'output_item.added',
        'content_part.added',
        'output_text.delta',
        'output_text.done',
        'content_part.done',
        'output_item.done',
        ...call,
        ...call,
        'completed',
      ].map((type) => `response.${type}`),
    )
  })

  it.each([
    [{ text: 'One two', stopReason: 'max_tokens' }, 'max_output_tokens'],
    [{ refusal: { category: 'cyber', explanation: 'Not this.' } }, 'content_filter'],
  ] as const)('hears that a response is not whole: %j', async (turn, reason) => {
    const { client } = await setUp([turn, turn])
    const response = await client.responses.create({ model: 'haiku', input: 'Hi' })
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason } })
    const stream = await client.responses.create({ model: 'haiku', input: 'Hi', stream: true })
    let last: unknown
    for await (const event of stream) last = event
    expect(last).toMatchObject({ type: 'response.incomplete', response: { incomplete_details: { reason } } })
  })

  it('gets an error of its kind, also amid a stream', async () => {
    const { client } = await setUp([
      { error: 529 },
      { text: 'Some words that are cut.', error: { status: 529, afterEvents: 6 } },
    ])
    expect(await failureOf(client.responses.create({ model: 'haiku', input: 'Hi' }))).toMatchObject({ status: 503 })
    const stream = await client.responses.create({ model: 'haiku', input: 'Hi', stream: true })
    const read = async () => {
      for await (const _ of stream);
    }
    expect(await failureOf(read())).toBeInstanceOf(APIError)
  })
})

describe('what cannot be translated is refused by name:', () => {
  it.each<[object, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ store: true }, 'store'],
    [{ background: true }, 'background'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ include: ['reasoning.encrypted_content'] }, 'include'],
    [{ truncation: 'auto' }, 'truncation'],
    [{ reasoning: { summary: 'auto' } }, 'reasoning.summary'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ text: { format: { type: 'json_object' } } }, 'text.format.type'],
    [{ text: { verbosity: 'low' } }, 'text.verbosity'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ temperature: 0.2 }, 'temperature'],
    [{ max_tokens: 5 }, 'max_tokens'],
    [{ input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] }, 'input[0].type'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] },
      'input[0].content[0].file_id',
    ],
    [{ input: [] }, 'input'],
  ])('%j', async (params, param) => {
    const { client, sent } = await setUp()
    const error = await failureOf(client.responses.create({ model: 'haiku', input: 'Hi', ...params } as never))
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param })
    expect(sent()).toEqual([])
  })
})

it('streams at its end what it answers at once, whatever that is', async () => {
  const block = fc.oneof(
    fc.record({
      type: fc.constant('text'),
      text: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
    }),
    fc.record({
      type: fc.constant('tool_use'),
      name: fc.constant('weather'),
      input: fc.dictionary(fc.constantFrom('a', 'city'), fc.jsonValue({ maxDepth: 2 })),
    }),
    fc.constant({ type: 'thinking', thinking: 'Hm.' }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(block, { maxLength: 4 }), { minLength: 20, maxLength: 20 }), async (turns) => {
      const twice = turns.flatMap((content) => {
        const turn = {
          content: content.map((one, n) => (one.type === 'tool_use' ? { ...one, id: `toolu_${n}` } : one)),
        } as Turn
        return [turn, turn]
      })
      const { client } = await setUp(twice)
      for (const _ of turns) {
        const whole = await client.responses.create({ model: 'haiku', input: 'Hi' })
        let items: unknown[] = []
        let last: { response?: OpenAI.Responses.Response } = {}
        for await (const event of await client.responses.create({ model: 'haiku', input: 'Hi', stream: true })) {
          if (event.type === 'response.output_item.done') items = [...items, event.item]
          last = event as typeof last
        }
        const plain = (value: unknown) =>
          JSON.parse(
            JSON.stringify(value, (key, one) =>
              key === 'arguments' ? JSON.parse(one) : /^(id|created_at)$/.test(key) ? undefined : one,
            ),
          )
        const { output_text: _text, ...shown } = whole
        expect(plain(last.response)).toEqual(plain(shown))
        expect(plain(items)).toEqual(plain(whole.output))
      }
    }),
    { numRuns: 3 },
  )
})
