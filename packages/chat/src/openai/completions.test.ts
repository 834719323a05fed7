import { createUsageMeter } from '@enjamb/core'
import type { MockServerOptions, Turn } from '@enjamb/testing'
import fc from 'fast-check'
import OpenAI, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { serveFetch } from '../../test/serve-fetch.ts'
import type { createChat } from '../index.ts'
import { createOpenAIHandler, type OpenAIHandlerOptions } from './index.ts'

type Defaults = Parameters<typeof createChat>[0]

/** OpenAI's own client, at a door to Claude's API. */
async function setUp(
  turns: Turn[] = [],
  {
    defaults = {},
    mock = {},
    ...options
  }: { defaults?: Defaults; mock?: MockServerOptions } & Partial<OpenAIHandlerOptions> = {},
) {
  const { chat, sent, server } = await mockChat(turns, { retry: { maxRetries: 0 }, ...defaults }, mock)
  const authorize = (request: Request) => request.headers.get('authorization') === 'Bearer door'
  const url = await serveFetch(createOpenAIHandler(chat, { authorize, ...options }))
  const client = new OpenAI({ apiKey: 'door', baseURL: `${url}/v1`, maxRetries: 0 })
  return { client, sent, server, url }
}

const user = (content: string) => ({ role: 'user' as const, content })
const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const calls = ['Rome', 'Paris'].map((city) => ({ name: 'weather', input: { city } }))

describe("OpenAI's client", () => {
  it('gets an answer with its usage, cached tokens too', async () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 5, output_tokens: 7 }
    const { client, sent } = await setUp([{ text: 'The Rhine.', usage }])
    const completion = await client.chat.completions.create({
      model: 'haiku',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'system', content: 'Be kind.' },
        user('A river?'),
      ],
      max_completion_tokens: 100,
      stop: ['END'],
      reasoning_effort: 'low',
      safety_identifier: 'u1',
      temperature: 1,
      n: 1,
      service_tier: 'default',
    })
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'claude-haiku-5-5',
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'The Rhine.', refusal: null } },
      ],
      usage: {
        prompt_tokens: 115,
        completion_tokens: 7,
        total_tokens: 122,
        prompt_tokens_details: { cached_tokens: 100 },
      },
    })
    expect(sent()[0]).toMatchObject({
      model: 'claude-haiku-5-5',
      max_tokens: 100,
      system: 'Be brief.\n\nBe kind.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'A river?' }] }],
      stop_sequences: ['END'],
      output_config: { effort: 'low' },
      metadata: { user_id: 'u1' },
      service_tier: 'standard_only',
    })
  })

  it('streams an answer, and its usage where it is asked for', async () => {
    const { client } = await setUp(['A few words, in some pieces.'])
    const stream = await client.chat.completions.create({
      model: 'haiku',
      messages: [user('Hi')],
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let last: unknown
    const reasons: unknown[] = []
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason)
      last = chunk
    }
    expect(text).toBe('A few words, in some pieces.')
    expect(reasons).toEqual(['stop'])
    expect(last).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } })
  })

  it('calls tools, several beside one another, and gives back what they found', async () => {
    const { client, sent } = await setUp([{ text: 'So:', toolCalls: calls }, 'Sunny in both.'])
    const messages: OpenAI.ChatCompletionMessageParam[] = [user('Where is it sunny?')]
    const params = { model: 'haiku', tools: [weather], parallel_tool_calls: true }
    const { message, finish_reason } = (await client.chat.completions.create({ ...params, messages })).choices[0]!
    expect(finish_reason).toBe('tool_calls')
    expect(message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
      { type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    ])
    messages.push(message)
    for (const { id } of message.tool_calls!) messages.push({ role: 'tool', tool_call_id: id, content: 'Sunny.' })
    const done = await client.chat.completions.create({ ...params, messages })
    expect(done.choices[0]?.message.content).toBe('Sunny in both.')
    expect(sent()[1]?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'text', text: 'So:' }, { type: 'tool_use' }, { type: 'tool_use' }] },
      { role: 'user', content: [{ type: 'tool_result' }, { type: 'tool_result' }] },
    ])
  })

  it('runs tools by its own runner, streamed', async () => {
    const { client } = await setUp([{ toolCalls: calls }, 'Sunny in both.'])
    const run = client.chat.completions.runTools({
      model: 'haiku',
      messages: [user('Where is it sunny?')],
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            ...weather.function,
            parse: JSON.parse,
            function: ({ city }: { city: string }) => `Sunny in ${city}.`,
          },
        },
      ],
    })
    expect(await run.finalContent()).toBe('Sunny in both.')
  })

  it.each([
    ['none', { type: 'none' }],
    ['auto', undefined],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { type: 'tool', name: 'weather' },
    ],
  ] as const)('says which tool to call: %j', async (tool_choice, sentChoice) => {
    const { client, sent } = await setUp()
    await client.chat.completions.create({
      model: 'haiku',
      messages: [user('Hi')],
      tools: [weather],
      tool_choice: tool_choice as never,
    })
    expect(sent()[0]?.tool_choice).toEqual(sentChoice)
  })

  it('may ask for one call at a time, and for strict ones', async () => {
    const { client, sent } = await setUp()
    const strict = { ...weather, function: { ...weather.function, strict: true } }
    await client.chat.completions.create({
      model: 'haiku',
      messages: [user('Hi')],
      tools: [strict],
      parallel_tool_calls: false,
    })
    expect(sent()[0]).toMatchObject({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      tools: [{ name: 'weather', strict: true, input_schema: { additionalProperties: false } }],
    })
  })

  it('parses an answer by its own helper', async () => {
    const river = z.object({ name: z.string(), km: z.number() })
    const { client, sent } = await setUp(['{"name": "Rhine", "km": 1230}'])
    const completion = await client.chat.completions.parse({
      model: 'haiku',
      messages: [user('A river?')],
      response_format: zodResponseFormat(river, 'river'),
      reasoning_effort: 'low',
    })
    expect(completion.choices[0]?.message.parsed).toEqual({ name: 'Rhine', km: 1230 })
    expect(sent()[0]?.output_config).toMatchObject({ effort: 'low', format: { type: 'json_schema' } })
  })

  it('runs tools by its own runner: those that fail, those that it has not, in their order, until it is stopped', async () => {
    const call = (name: string, city: string) => ({ name, input: { city } })
    const turns = [
      { toolCalls: [call('weather', 'Rome'), call('other', 'Bern'), call('weather', 'Oslo')] },
      { toolCalls: [call('weather', 'Rome')] },
      'Done.',
    ]
    const { client, sent } = await setUp([...turns, { toolCalls: [call('weather', 'Rome')] }])
    const ran: string[] = []
    const tools = [
      {
        type: 'function' as const,
        function: {
          ...weather.function,
          parse: (json: string) => JSON.parse(json) as { city: string },
          function: async ({ city }: { city: string }) => {
            ran.push(city)
            if (city === 'Oslo') throw new Error('No city.')
            return `Sunny in ${city}.`
          },
        },
      },
    ]
    const params = { model: 'haiku', messages: [user('Hi')], tools, parallel_tool_calls: false }
    const run = client.chat.completions.runTools(params)
    await failureOf(run.done())
    // What a tool throws ends the runner of the client, with what was said before.
    expect(ran).toEqual(['Rome', 'Oslo'])
    const other = client.chat.completions.runTools(params)
    expect(await other.finalContent()).toBe('Done.')
    expect(sent()[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    const stopped = client.chat.completions.runTools({ ...params, stream: true })
    stopped.on('functionToolCallResult', () => stopped.abort())
    expect(await failureOf(stopped.done())).toBeInstanceOf(APIUserAbortError)
  })

  it('tells of what it streams by the events of its own helper', async () => {
    const { client } = await setUp([
      '{"name": "Rhine", "km": 1230}',
      { refusal: { category: 'cyber', explanation: 'Not this.' } },
    ])
    const response_format = zodResponseFormat(z.object({ name: z.string(), km: z.number() }), 'river')
    const stream = client.chat.completions.stream({ model: 'haiku', messages: [user('Hi')], response_format })
    const seen: unknown[] = []
    stream.on('content.delta', ({ parsed }) => seen.push(parsed)).on('content.done', ({ parsed }) => seen.push(parsed))
    expect((await stream.finalChatCompletion()).choices[0]?.message.parsed).toEqual({ name: 'Rhine', km: 1230 })
    expect(seen.at(-1)).toEqual({ name: 'Rhine', km: 1230 })
    expect(seen.length).toBeGreaterThan(2)
    const refused = client.chat.completions.stream({ model: 'haiku', messages: [user('Hi')] })
    let refusal = ''
    refused.on('refusal.done', (event) => {
      refusal = event.refusal
    })
    await refused.done()
    expect(refusal).toBe('Not this.')
  })

  it('reads a relayed stream as its own', async () => {
    const { client } = await setUp([{ text: 'So:', toolCalls: calls }])
    const stream = client.chat.completions.stream({ model: 'haiku', messages: [user('Hi')], tools: [weather] })
    const relayed = ChatCompletionStream.fromReadableStream(stream.toReadableStream())
    const { message } = (await relayed.finalChatCompletion()).choices[0]!
    expect(message.content).toBe('So:')
    expect(message.tool_calls?.map((call) => 'function' in call && call.function.arguments)).toEqual([
      '{"city":"Rome"}',
      '{"city":"Paris"}',
    ])
  })

  it('asks for JSON without a schema in words, and gets an object or an error', async () => {
    const { client, sent } = await setUp(['{"a": 1}', 'Here: {"a": 1}', 'Here.'])
    const params = { model: 'haiku', messages: [user('JSON')], response_format: { type: 'json_object' as const } }
    expect((await client.chat.completions.create(params)).choices[0]?.message.content).toBe('{"a": 1}')
    expect(sent()[0]?.system).toMatch(/^Answer with one JSON object/)
    expect(await failureOf(client.chat.completions.create(params))).toMatchObject({ status: 502, code: 'json_validate_failed' }) // biome-ignore format: one line
    expect(await failureOf(client.chat.completions.stream(params).done())).toBeInstanceOf(APIError)
  })

  it('shows images and files', async () => {
    const { client, sent } = await setUp()
    const data = (media: string) => `data:${media};base64,${btoa('x')}`
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await client.chat.completions.create({
      model: 'haiku',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See:' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
            { type: 'image_url', image_url: { url: 'https://a.example/b.jpg', detail: 'auto' } },
            { type: 'file', file: { file_data: data('application/pdf'), filename: 'a.pdf' } },
            { type: 'file', file: { file_data: data('text/csv'), filename: 'a.csv' } },
          ],
        },
      ],
    })
    expect(sent()[0]?.messages[0]?.content).toMatchObject([
      { type: 'text' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.jpg' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf' }, title: 'a.pdf' },
      { type: 'document', source: { type: 'text', data: 'x' }, title: 'a.csv' },
    ])
  })

  it.each([
    [{ text: 'One two', stopReason: 'max_tokens' }, 'length', null],
    [{ refusal: { category: 'cyber', explanation: 'Not this.' } }, 'content_filter', 'Not this.'],
  ] as const)('hears how an answer ended: %j', async (turn, reason, refusal) => {
    const { client } = await setUp([turn])
    const { choices } = await client.chat.completions.create({ model: 'haiku', messages: [user('Hi')] })
    expect(choices[0]).toMatchObject({ finish_reason: reason, message: { refusal } })
  })

  it('lists the models that there are', async () => {
    const { client } = await setUp([], { models: { 'gpt-5': 'sonnet', claude: 'haiku' } })
    const names: string[] = []
    for await (const { id } of await client.models.list()) names.push(id)
    expect(names).toEqual(['gpt-5', 'claude'])
    expect(await client.models.retrieve('gpt-5')).toMatchObject({ id: 'gpt-5', object: 'model' })
    expect(await failureOf(client.models.retrieve('gpt-6'))).toBeInstanceOf(NotFoundError)
    expect((await client.chat.completions.create({ model: 'gpt-5', messages: [user('Hi')] })).model).toBe(
      'claude-sonnet-5-5',
    )
    const error = await failureOf(client.chat.completions.create({ model: 'opus', messages: [user('Hi')] }))
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' })
  })
})

describe('what cannot be translated is refused by name:', () => {
  it.each<[object, string]>([
    [{ logprobs: true }, 'logprobs'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ n: 2 }, 'n'],
    [{ seed: 5 }, 'seed'],
    [{ frequency_penalty: 0.5 }, 'frequency_penalty'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias'],
    [{ temperature: 0.5 }, 'temperature'],
    [{ top_p: 0.5 }, 'top_p'],
    [{ response_format: { type: 'grammar' } }, 'response_format.type'],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { $ref: '#/$defs/a' } } } },
      'response_format.json_schema.schema',
    ],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort'],
    [{ service_tier: 'flex' }, 'service_tier'],
    [{ store: true }, 'store'],
    [{ metadata: { a: 'b' } }, 'metadata'],
    [{ modalities: ['audio'] }, 'modalities'],
    [{ web_search_options: {} }, 'web_search_options'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ frequencyPenalty: 1 }, 'frequencyPenalty'],
    [{ tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools[0].type'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ stream_options: { every: 1 } }, 'stream_options.every'],
    [{ messages: [{ role: 'user', content: 'Hi', name: 'Ann' }] }, 'messages[0].name'],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      'messages[0].content[0].type',
    ],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a/b', detail: 'high' } }] },
        ],
      },
      'messages[0].content[0].image_url.detail',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-abc' } }] }] },
      'messages[0].content[0].file.file_id',
    ],
    [{ messages: [] }, 'messages'],
    [{ messages: 'Hi' }, 'messages'],
    [{ model: 5 }, 'model'],
  ])('%j', async (params, param) => {
    const { client, sent } = await setUp()
    const error = await failureOf<APIError>(
      client.chat.completions.create({ model: 'haiku', messages: [user('Hi')], ...params } as never),
    )
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ type: 'invalid_request_error', param })
    expect(sent()).toEqual([])
  })

  it('but what asks for nothing is taken', async () => {
    const { client, sent } = await setUp()
    const nothing = {
      logprobs: false,
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      seed: null,
      store: false,
      top_p: 1,
    }
    await client.chat.completions.create({ model: 'haiku', messages: [user('Hi')], ...nothing })
    expect(Object.keys(sent()[0]!).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream'])
  })

  it('and sampling goes through under the older version', async () => {
    const { client, sent } = await setUp([], { defaults: { apiVersion: '2023-06-01' } })
    const params = { model: 'claude-haiku-4-5', messages: [user('Hi')] }
    await client.chat.completions.create({ ...params, temperature: 0.5 })
    expect(sent()[0]?.temperature).toBe(0.5)
    expect(await failureOf(client.chat.completions.create({ ...params, temperature: 1.5 }))).toMatchObject({
      param: 'temperature',
    })
  })
})

describe('what fails is an error of its kind', () => {
  const hi = { model: 'haiku', messages: [user('Hi')] }

  it.each([
    [{ error: 529 }, 503],
    [{ error: { status: 429, headers: { 'retry-after': '7' } } }, 429],
    [{ error: 500 }, 500],
    [{ error: 401 }, 502],
    [{ error: 403 }, 502],
    [{ error: { status: 400, message: 'messages.0: too odd' } }, 400],
  ] as const)('of %j, also before a stream has begun', async (turn, status) => {
    for (const stream of [false, true]) {
      const { client } = await setUp([turn])
      const error = await failureOf<APIError>(client.chat.completions.create({ ...hi, stream }))
      expect(error).toBeInstanceOf(APIError)
      expect(error.status).toBe(status)
      if (status === 429) expect(error.headers?.get('retry-after')).toBe('7')
    }
  })

  it('amid a stream', async () => {
    const { client } = await setUp([{ text: 'Some words that are cut.', error: { status: 529, afterEvents: 6 } }])
    const stream = await client.chat.completions.create({ ...hi, stream: true })
    const read = async () => {
      for await (const _ of stream);
    }
    expect(await failureOf(read())).toBeInstanceOf(APIError)
  })

  it('of a spent budget, and shows nothing of the server', async () => {
    const meter = createUsageMeter({ budgets: { default: { usd: 0.000001 } } })
    const { client } = await setUp([], { defaults: { middleware: [meter.middleware] } })
    const error = await failureOf(client.chat.completions.create(hi))
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ code: 'insufficient_quota' })
  })

  it('of a stranger, of an unknown path, of a body that is none', async () => {
    const { client, url } = await setUp([], { maxBodyBytes: 1_000 })
    const stranger = new OpenAI({ apiKey: 'x', baseURL: `${url}/v1`, maxRetries: 0 })
    expect(await failureOf(stranger.chat.completions.create(hi))).toBeInstanceOf(AuthenticationError)
    expect(await failureOf(client.embeddings.create({ model: 'x', input: 'y' }))).toBeInstanceOf(NotFoundError)
    const headers = { authorization: 'Bearer door' }
    const post = (body: string) => fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
    expect((await post('{')).status).toBe(400)
    expect((await post('[]')).status).toBe(400)
    expect((await post(JSON.stringify({ a: 'x'.repeat(2_000) }))).status).toBe(413)
    expect(() => createOpenAIHandler({} as never, {} as never)).toThrow(/authorize/)
    const misspelt = { authorize: () => true, model: ['haiku'] }
    expect(() => createOpenAIHandler({} as never, misspelt as never)).toThrow(/did you mean models/)
  })

  it('a client that leaves ends the request', async () => {
    const { client, server } = await setUp([{ text: 'A few words.', stallAfterEvents: 5 }])
    const stream = await client.chat.completions.create({ ...hi, stream: true })
    for await (const _ of stream) break
    expect(server.requests).toHaveLength(1)
  })
})

it('answers streamed what it answers at once, whatever that is', async () => {
  const block = fc.oneof(
    fc.record({
      type: fc.constant('text'),
      text: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
    }),
    fc.record({
      type: fc.constant('tool_use'),
      name: fc.constantFrom('weather', 'other'),
      input: fc.dictionary(fc.constantFrom('a', 'b', 'city'), fc.jsonValue({ maxDepth: 2 })),
    }),
    fc.constant({ type: 'thinking', thinking: 'Hm.' }),
  )
  const stopReason = fc.constantFrom('max_tokens', undefined)
  const cases = fc.array(fc.tuple(fc.array(block, { maxLength: 4 }), stopReason), { minLength: 20, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(cases, async (turns) => {
      const twice = turns.flatMap(([content, stopReason]) => {
        const named = content.map((one, n) => (one.type === 'tool_use' ? { ...one, id: `toolu_${n}` } : one))
        const turn = { content: named, ...(stopReason && { stopReason }) } as Turn
        return [turn, turn]
      })
      const { client } = await setUp(twice)
      for (const _ of turns) {
        const params = { model: 'haiku', messages: [user('Hi')], max_tokens: 5_000 }
        const whole = await client.chat.completions.create(params)
        const streamed = await client.chat.completions
          .stream({ ...params, stream_options: { include_usage: true } })
          .finalChatCompletion()
        const { content, refusal, tool_calls = [] } = streamed.choices[0]!.message
        const shown = whole.choices[0]!.message
        expect({ content: content || null, refusal: refusal ?? null }).toEqual({
          content: shown.content,
          refusal: shown.refusal,
        })
        const read = (list: OpenAI.ChatCompletionMessageToolCall[] = []) =>
          list.map((call) =>
            'function' in call ? [call.id, call.function.name, JSON.parse(call.function.arguments)] : call,
          )
        expect(read(tool_calls)).toEqual(read(shown.tool_calls))
        expect(streamed.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason)
        expect(streamed.usage).toEqual(whole.usage)
      }
    }),
    { numRuns: 3 },
  )
})
