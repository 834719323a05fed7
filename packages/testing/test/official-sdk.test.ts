import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { createMockServer, type MockServer, type MockServerOptions, script, type Turn } from '../src/index.ts'

const model = 'claude-opus-4-8'
const hello = { model, max_tokens: 1000, messages: [{ role: 'user' as const, content: 'Hello' }] }
const tools: Anthropic.ToolUnion[] = [
  {
    name: 'get_weather',
    description: 'The weather of a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
]

let server: MockServer | undefined
afterEach(() => server?.close())

async function start(turns?: Turn[], options: MockServerOptions = {}) {
  server = await createMockServer({ ...options, ...(turns ? { script: script(turns) } : {}) })
  return new Anthropic({ apiKey: 'test-key', authToken: null, baseURL: server.url, maxRetries: 0 })
}

describe('the official client', () => {
  it('gets a whole message', async () => {
    const client = await start(['Hello, you.'])
    const message = await client.messages.create(hello)
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'Hello, you.', citations: null }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 6, output_tokens: 3 },
    })
    expect(message.id).toMatch(/^msg_01\w{22}$/)
    expect(message._request_id).toMatch(/^req_01\w{22}$/)
    expect(server?.requests).toMatchObject([
      { method: 'POST', path: '/v1/messages', body: hello, headers: { authorization: 'Bearer [redacted]' } },
    ])
  })

  it('streams the message that it would get whole', async () => {
    const turn = {
      thinking: 'The user wants the weather in two cities; I ask for both at once.',
      text: 'Here is “what” I do 🌍:\n\t"both"',
      toolCalls: [
        { name: 'get_weather', input: { city: 'Zürich\n"ZH"', days: [1, 2, { deep: 'ü🌍' }] }, id: 'toolu_1' },
        { name: 'get_weather', id: 'toolu_2' },
      ],
    }
    const client = await start([turn, turn])
    const whole = await client.messages.create({ ...hello, tools })
    const { parsed_output: _, ...streamed } = await client.messages.stream({ ...hello, tools }).finalMessage()
    const { _request_id, ...expected } = whole
    expect(streamed).toEqual({ ...expected, id: streamed.id })
    expect(streamed.stop_reason).toBe('tool_use')
    expect(streamed.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use'])
  })

  it('takes thinking whose text is left out, and sends it back', async () => {
    const client = await start([{ thinking: 'Secret thoughts', toolCalls: [{ name: 'get_weather' }] }])
    const thinking = { type: 'adaptive' as const, display: 'omitted' as const }
    const { content } = await client.messages.stream({ ...hello, tools, thinking }).finalMessage()
    expect(content).toMatchObject([
      { type: 'thinking', thinking: '', signature: expect.stringMatching(/./) },
      { type: 'tool_use' },
    ])
    const id = content[1]?.type === 'tool_use' ? content[1].id : ''
    const answered = [
      { role: 'assistant' as const, content },
      { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: id }] },
    ]
    const next = await client.messages.create({ ...hello, tools, thinking, messages: [...hello.messages, ...answered] })
    expect(next.stop_reason).toBe('end_turn')
  })

  it('gets refusals, stop sequences, and blocks of servers as they are', async () => {
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'snow' } }
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }
    const citation = {
      type: 'char_location',
      cited_text: 'x',
      document_index: 0,
      document_title: null,
      start_char_index: 0,
      end_char_index: 1,
    }
    const client = await start([
      { stopReason: 'refusal', stopDetails: { type: 'refusal', category: 'cyber', explanation: 'No.' } },
      {
        content: [
          search,
          found,
          { type: 'text', text: 'Snow.', citations: [citation] },
          { type: 'of_tomorrow', value: 1 },
        ],
      },
      'one, two, three',
    ])
    expect(await client.messages.stream(hello).finalMessage()).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: { category: 'cyber' },
    })
    const { content } = await client.messages.stream(hello).finalMessage()
    expect(content).toMatchObject([
      search,
      found,
      { text: 'Snow.', citations: [citation] },
      { type: 'of_tomorrow', value: 1 },
    ])
    expect(await client.messages.create({ ...hello, stop_sequences: ['two'] })).toMatchObject({
      content: [{ text: 'one, ' }],
      stop_reason: 'stop_sequence',
      stop_sequence: 'two',
    })
  })

  it('runs tools through the tool runner', async () => {
    const client = await start([
      { toolCalls: [{ name: 'get_weather', input: { city: 'Bern' } }] },
      ({ toolResults }) => `It is ${toolResults[0]?.text} in Bern.`,
    ])
    const runner = client.beta.messages.toolRunner({
      ...hello,
      tools: [
        {
          type: 'custom',
          name: 'get_weather',
          description: 'The weather',
          input_schema: { type: 'object', properties: { city: { type: 'string' } } },
          parse: (input: unknown) => input as { city: string },
          run: ({ city }: { city: string }) => (city === 'Bern' ? 'snowing' : 'unknown'),
        },
      ],
    })
    const message = await runner
    expect(message.content).toMatchObject([{ type: 'text', text: 'It is snowing in Bern.' }])
    expect(server?.requests).toHaveLength(2)
  })

  it('counts tokens, and the count is the one billed', async () => {
    const client = await start(['Hi'])
    const { model: _, max_tokens: __, ...prompt } = { ...hello, system: 'Be brief.', tools }
    const { input_tokens } = await client.messages.countTokens({ model, ...prompt })
    const { usage } = await client.messages.create({ ...hello, ...prompt })
    expect(input_tokens).toBeGreaterThan(346)
    expect(usage.input_tokens).toBe(input_tokens)
  })

  it('lists models in pages and finds one by its alias', async () => {
    const client = await start()
    const ids: string[] = []
    for await (const { id } of client.models.list({ limit: 4 })) ids.push(id)
    expect(ids).toContain(model)
    expect(new Set(ids).size).toBe(ids.length)
    expect((await client.models.retrieve('claude-haiku-4-5')).id).toBe('claude-haiku-4-5-20251001')
    await expect(client.models.retrieve('gpt-4')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })

  it.each([
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [402, Anthropic.APIError, 'billing_error'],
    [403, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [409, Anthropic.ConflictError, 'conflict_error'],
    [413, Anthropic.APIError, 'request_too_large'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
    [504, Anthropic.InternalServerError, 'timeout_error'],
    [529, Anthropic.InternalServerError, 'overloaded_error'],
  ])('throws its own class for a %i', async (status, errorClass, type) => {
    const client = await start([{ error: status }])
    const error = await client.messages.create(hello).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(errorClass)
    expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^req_/) })
    expect(error).toMatchObject({ error: { type: 'error', request_id: (error as { requestID: string }).requestID } })
  })

  it('retries a 429 and a 529, then gets its answer', async () => {
    const soon = { headers: { 'retry-after-ms': '1' } }
    const client = await start([{ error: { status: 429, ...soon } }, { error: { status: 529, ...soon } }, 'At last.'])
    const message = await client.withOptions({ maxRetries: 2 }).messages.create(hello)
    expect(message.content).toMatchObject([{ text: 'At last.' }])
    expect(server?.requests).toHaveLength(3)
  })

  it('does not retry a turn that threw, and sees why', async () => {
    const client = await start([
      () => {
        throw new Error('a slip of the pen')
      },
    ])
    await expect(client.withOptions({ maxRetries: 2 }).messages.create(hello)).rejects.toThrow('a slip of the pen')
    expect(server?.requests).toHaveLength(1)
  })

  it('sees an error event in mid-stream as an error', async () => {
    const client = await start([
      { text: 'Some text that breaks off', error: { type: 'overloaded_error', afterEvents: 4 } },
    ])
    const stream = client.messages.stream(hello)
    await expect(stream.finalMessage()).rejects.toThrow('Overloaded')
    expect(stream.currentMessage?.content).toHaveLength(1)
  })

  it.each([
    ['after events', { cutAfterEvents: 4 }],
    ['after bytes', { cutAfterBytes: 700 }],
    ['before the first byte', { cutAfterBytes: 0 }],
  ])('sees a stream cut %s as an error', async (_, cut) => {
    const client = await start([{ text: 'A text that is long enough to be cut somewhere in the middle of it', ...cut }])
    await expect(client.messages.stream(hello).finalMessage()).rejects.toThrow()
  })

  it('sees a whole body that is cut as an error', async () => {
    const client = await start([{ text: 'Never whole', cutAfterEvents: 1 }])
    await expect(client.messages.create(hello)).rejects.toThrow()
  })

  it('is refused without a key, and with one that is not accepted', async () => {
    const client = await start(undefined, { apiKeys: ['right'] })
    await expect(client.messages.create(hello)).rejects.toThrow('Invalid bearer token')
    await expect(client.withOptions({ apiKey: 'right' }).messages.create(hello)).resolves.toBeDefined()
    const bearer = new Anthropic({ apiKey: null, authToken: 'wrong', baseURL: server?.url ?? '', maxRetries: 0 })
    await expect(bearer.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.AuthenticationError)
  })
})
