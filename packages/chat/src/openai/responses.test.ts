import type { Turn } from '@enjamb/testing'
import fc from 'fast-check'
import OpenAI, { APIError, BadRequestError } from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { serveFetch } from '../../test/serve-fetch.ts'
import { createOpenAIHandler, type OpenAIHandlerOptions, type StoredResponse } from './index.ts'

async function setUp(turns: Turn[] = [], options: Partial<OpenAIHandlerOptions> = {}) {
  const { chat, sent } = await mockChat(turns, { retry: { maxRetries: 0 } })
  const url = await serveFetch(createOpenAIHandler(chat, { authorize: () => true, ...options }))
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
      output: [
        { type: 'reasoning', summary: [] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'The Rhine.' }] },
      ],
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
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call', 'function_call'])
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
        {
          role: 'assistant',
          content: [{ type: 'thinking' }, { type: 'text', text: 'So:' }, { type: 'tool_use' }, { type: 'tool_use' }],
        },
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
        'output_item.done',
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

describe('thinking', () => {
  const turns = (): Turn[] => [{ thinking: 'Rome, then Paris. 🎉', toolCalls: calls }, 'Sunny in both.']

  it('is an item of the response, with a summary where one is asked for, which the client sends back as it is', async () => {
    const { client, sent } = await setUp(turns())
    const params = { model: 'haiku', tools: [weather], reasoning: { summary: 'auto' as const }, store: false }
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Where is it sunny?' }]
    const include: OpenAI.Responses.ResponseIncludable[] = ['reasoning.encrypted_content']
    const { output, reasoning } = await client.responses.create({ ...params, input, include })
    expect(reasoning).toEqual({ effort: null, summary: 'auto' })
    expect(output[0]).toMatchObject({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Rome, then Paris. 🎉' }],
      encrypted_content: expect.any(String),
    })
    input.push(...(output as OpenAI.Responses.ResponseInputItem[]))
    for (const item of output) {
      if (item.type === 'function_call') input.push({ type: 'function_call_output', call_id: item.call_id, output: '' })
    }
    expect((await client.responses.create({ ...params, input })).output_text).toBe('Sunny in both.')
    expect(sent()[0]?.thinking).toEqual({ type: 'adaptive', display: 'summarized' })
    // The API knows its own by the signature: one that was changed would have been refused.
    expect(sent()[1]?.messages[1]).toMatchObject({
      role: 'assistant',
      content: [{ type: 'thinking', thinking: 'Rome, then Paris. 🎉' }, { type: 'tool_use' }, { type: 'tool_use' }],
    })
  })

  it('is streamed as the client accumulates it', async () => {
    const { client } = await setUp(turns())
    const stream = client.responses.stream({
      model: 'haiku',
      input: 'Hi',
      tools: [weather],
      reasoning: { summary: 'auto' },
    })
    let summary = ''
    stream.on('event', (event) => {
      if (event.type === 'response.reasoning_summary_text.delta') summary += event.delta
    })
    const { output } = await stream.finalResponse()
    expect(summary).toBe('Rome, then Paris. 🎉')
    expect(output[0]).toMatchObject({ type: 'reasoning', summary: [{ text: summary }] })
  })

  it('that was redacted goes back, too', async () => {
    const { client, sent } = await setUp([{ content: [{ type: 'redacted_thinking', data: 'c2VjcmV0' }, { type: 'text', text: 'Yes.' }] }]) // biome-ignore format: one line
    const { output } = await client.responses.create({ model: 'haiku', input: 'Hi' })
    const input = [...output, { role: 'user', content: 'Sure?' }] as OpenAI.Responses.ResponseInput
    await client.responses.create({ model: 'haiku', input: [{ role: 'user', content: 'Hi' }, ...input] })
    expect(sent()[1]?.messages[1]?.content).toMatchObject([{ type: 'redacted_thinking', data: 'c2VjcmV0' }, {}])
  })

  it.each([
    ['instructions', {}, { instructions: 'Be brief.' }],
    ['tools', {}, { tools: [] }],
    ['no thinking', { model: 'sonnet' }, { model: 'sonnet', reasoning: { effort: 'none' as const } }],
    ['a summary', {}, { reasoning: { summary: 'auto' as const } }],
  ])('that was made with other %s is no reason to refuse the next request', async (_, first, then) => {
    const { client, sent } = await setUp([{ thinking: 'Hm.', text: 'Yes.' }, 'Sure.'])
    const params = { model: 'haiku', tools: [weather] }
    const before = [{ role: 'user' as const, content: 'Hi' }]
    const { output } = await client.responses.create({ ...params, ...first, input: before })
    const input = [...before, ...output, { role: 'user', content: 'Sure?' }] as OpenAI.Responses.ResponseInput
    expect((await client.responses.create({ ...params, ...then, input })).output_text).toBe('Sure.')
    expect(sent()[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  it('of which the client has kept the summary alone is left out', async () => {
    const { client, sent } = await setUp()
    const item = { type: 'reasoning' as const, id: 'rs_1', summary: [{ type: 'summary_text' as const, text: 'Hm.' }] }
    await client.responses.create({ model: 'haiku', input: [item, { role: 'user', content: 'Hi' }] })
    expect(sent()[0]?.messages).toMatchObject([{ role: 'user' }])
  })
})

describe('a response that goes on from another', () => {
  /** Of one server's memory, for each of its users. */
  function keep() {
    const kept = new Map<string, StoredResponse>()
    const own = (id: string, request: Request) => `${request.headers.get('authorization')} ${id}`
    const load = (id: string, request: Request) => kept.get(own(id, request))
    const save = async (id: string, response: StoredResponse, request: Request) => {
      kept.set(own(id, request), JSON.parse(JSON.stringify(response)))
    }
    return { kept, store: { load, save } }
  }

  it.each([false, true])('has what was said there before its input, streamed: %s', async (stream) => {
    const { kept, store } = keep()
    const { client, sent } = await setUp([{ toolCalls: calls }, 'Sunny in both.', 'Yes.'], { store })
    const ask = async (params: OpenAI.Responses.ResponseCreateParamsNonStreaming) => {
      const { stream: _, ...rest } = params
      const answered = stream ? client.responses.stream(rest as never).finalResponse() : client.responses.create(params)
      return (await answered) as OpenAI.Responses.Response & { store: boolean }
    }
    const params = { model: 'haiku', tools: [weather] }
    const system = { role: 'developer' as const, content: 'Be kind.' }
    const input = [system, { role: 'user' as const, content: 'Where is it sunny?' }]
    const first = await ask({ ...params, input, instructions: 'Be brief.' })
    expect(first.store).toBe(true)
    const outputs = first.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'Sunny.' }]
        : [],
    )
    const second = await ask({ ...params, previous_response_id: first.id, input: outputs })
    expect(second).toMatchObject({ output_text: 'Sunny in both.', previous_response_id: first.id })
    await ask({ ...params, previous_response_id: second.id, input: 'Sure?', store: false })
    expect(sent().map(({ system }) => system)).toEqual(['Be brief.\n\nBe kind.', 'Be kind.', 'Be kind.'])
    expect(sent()[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(kept.size).toBe(2)
    // What was kept is not changed by what goes on from it.
    expect(kept.get(`Bearer door ${first.id}`)?.messages).toHaveLength(2)
  })

  it('that is not there, or is of another, is refused', async () => {
    const { store } = keep()
    const { client, sent } = await setUp(['Yes.'], { store })
    const { id } = await client.responses.create({ model: 'haiku', input: 'Hi' })
    const other = client.withOptions({ apiKey: 'other' })
    const go = { model: 'haiku', input: 'And?', previous_response_id: id }
    for (const call of [
      other.responses.create(go),
      client.responses.create({ ...go, previous_response_id: 'resp_x' }),
    ]) {
      expect(await failureOf(call)).toMatchObject({
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      })
    }
    expect(sent()).toHaveLength(1)
  })

  it('which cannot be kept is an error', async () => {
    const store = { load: () => undefined, save: () => Promise.reject(new Error('full')) }
    const { client } = await setUp([], { store })
    expect(await failureOf(client.responses.create({ model: 'haiku', input: 'Hi' }))).toMatchObject({ status: 500 })
    const stream = client.responses.stream({ model: 'haiku', input: 'Hi' })
    expect(await failureOf(stream.finalResponse())).toBeInstanceOf(Error)
  })
})

describe('JSON without a schema', () => {
  const format = { text: { format: { type: 'json_object' as const } } }

  it('is asked for in words, and is an object or an error', async () => {
    const { client, sent } = await setUp(['{"a": 1}', 'Here: {"a": 1}', '[1]', '{"a": 1}', 'Here: {}'])
    const ask = () => client.responses.create({ model: 'haiku', input: 'JSON', instructions: 'Be kind.', ...format })
    expect((await ask()).output_text).toBe('{"a": 1}')
    expect(sent()[0]?.system).toMatch(/^Be kind\.\n\nAnswer with one JSON object/)
    for (const _ of [1, 2]) expect(await failureOf(ask())).toMatchObject({ status: 502, code: 'json_validate_failed' })
    const stream = () => client.responses.stream({ model: 'haiku', input: 'JSON', ...format }).finalResponse()
    expect((await stream()).output_text).toBe('{"a": 1}')
    expect(await failureOf(stream())).toBeInstanceOf(APIError)
  })

  it('may be cut off, and tools may be called before it', async () => {
    const turns: Turn[] = [{ text: '{"a": ', stopReason: 'max_tokens' }, { toolCalls: calls }]
    const { client } = await setUp(turns)
    const ask = () => client.responses.create({ model: 'haiku', input: 'JSON', tools: [weather], ...format })
    expect(await ask()).toMatchObject({ status: 'incomplete' })
    expect((await ask()).output.at(-1)).toMatchObject({ type: 'function_call' })
  })
})

describe('what cannot be translated is refused by name:', () => {
  it.each<[object, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ store: true }, 'store'],
    [{ background: true }, 'background'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ include: ['message.output_text.logprobs'] }, 'include'],
    [{ truncation: 'auto' }, 'truncation'],
    [{ reasoning: { summary: 'long' } }, 'reasoning.summary'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ text: { format: { type: 'grammar' } } }, 'text.format.type'],
    [{ text: { format: { type: 'json_schema', name: 'a', schema: { $ref: '#' } } } }, 'text.format.schema'],
    [
      { tools: [{ ...weather, strict: true, parameters: { type: 'object', properties: { a: { $ref: '#' } } } }] },
      'tools[0].parameters',
    ],
    [{ max_tool_calls: 3 }, 'max_tool_calls'],
    [{ text: { verbosity: 'low' } }, 'text.verbosity'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ temperature: 0.2 }, 'temperature'],
    [{ max_tokens: 5 }, 'max_tokens'],
    [
      { input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAB' }] },
      'input[0].encrypted_content',
    ],
    [{ input: [{ type: 'item_reference', id: 'rs_1' }] }, 'input[0].type'],
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
    fc.record({ type: fc.constant('thinking'), thinking: fc.constantFrom('', 'Hm.', '日本 🎉') }),
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
