import {
  APIError,
  ConfigError,
  isEnjambError,
  MaxOutputTokensError,
  type Message,
  type MessageParams,
  RequestAbortedError,
  type StreamEvent,
  toStrictSchema,
} from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { clientOf, mock, params, sentMessages, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { runTools } from './run-tools.ts'
import { TurnLimitError } from './turn-limit-error.ts'

function counting(traits: { readOnly?: boolean } = {}) {
  const run = vi.fn(({ n = 0 }: { n?: number }) => `did ${n}`)
  const input = { type: 'object', properties: { n: { type: 'number' } } } as const
  return { run, tool: defineTool({ name: 'step', description: 'Steps.', input, ...traits, run }) }
}

const step = (n: number) => ({ name: 'step', input: { n } })

/** The events of a reply that was cut inside its last call; the API may or may not say that the block stops. */
function cutInside(json: string, stops: boolean): StreamEvent[] {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5-5',
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: { input_tokens: 5, output_tokens: 1 } as Message['usage'],
  } satisfies Message
  const use = (id: string) => ({ type: 'tool_use', id, name: 'step', input: {}, caller: { type: 'direct' } }) as const
  const delta = (index: number, partial_json: string): StreamEvent => ({
    type: 'content_block_delta',
    index,
    delta: { type: 'input_json_delta', partial_json },
  })
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: use('toolu_1') },
    delta(0, '{"n":1}'),
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: use('toolu_2') },
    ...(json ? [delta(1, json)] : []),
    ...(stops ? [{ type: 'content_block_stop', index: 1 } as const] : []),
    {
      type: 'message_delta',
      delta: { stop_reason: 'max_tokens', stop_sequence: null, stop_details: null, container: null },
      usage: { output_tokens: 20 } as never,
    },
    { type: 'message_stop' },
  ]
}

describe('a run', () => {
  test('ends in an error at the turn limit, with everything done so far in it', async () => {
    const { tool, run } = counting()
    const { client, server } = await mock(...[1, 2, 3].map((n) => ({ toolCalls: [step(n)] })), 'Done.')
    const limited = runTools(client, params([tool]), { maxTurns: 2 })
    const error = await limited.final().catch((reason) => reason)
    expect(error).toBeInstanceOf(TurnLimitError)
    expect(isEnjambError(error) && error.code).toBe('turn_limit')
    expect(error.result).toMatchObject({ turns: 2, message: { stop_reason: 'tool_use' } })
    expect(error.result.calls.map(({ result }: { result: string }) => result)).toEqual(['did 1', 'did 2'])
    expect(limited.messages).toEqual(error.result.messages)

    const { message } = await runTools(client, params([tool], limited.messages)).final()
    expect(message.content).toMatchObject([{ text: 'Done.' }])
    expect(run).toHaveBeenCalledTimes(3)
    expect(server.requests).toHaveLength(4)
  })

  test('goes on after pause_turn by sending the reply back', async () => {
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }
    const { client, server } = await mock(
      { content: [{ type: 'text', text: 'Searching.' }, search], stopReason: 'pause_turn' },
      { content: [found, { type: 'text', text: 'Found it.' }] },
    )
    const web = { type: 'web_search_20250305', name: 'web_search' } as const
    const { turns, messages, message } = await runTools(client, params([web])).final()
    expect(turns).toBe(2)
    expect(message.content).toMatchObject([found, { text: 'Found it.' }])
    expect(sentMessages(server)[1]).toMatchObject([user('Go.'), { role: 'assistant', content: [{}, search] }])
    expect(messages).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [{ text: 'Searching.' }, search, found, { text: 'Found it.' }] },
    ])
  })

  test.each(['max_tokens', 'refusal'] as const)(
    'that ends in %s inside of a server tool leaves out its call, so that a new prompt can follow',
    async (stopReason) => {
      const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
      const { client } = await mock({ content: [{ type: 'text', text: 'Searching.' }, search], stopReason })
      const web = { type: 'web_search_20250305', name: 'web_search' } as const
      const { messages } = await runTools(client, params([web])).final()
      expect(messages).toEqual([
        user('Go.'),
        { role: 'assistant', content: [expect.objectContaining({ text: 'Searching.' })] },
      ])
    },
  )

  test('ends with the stop reason where there is no room in the context window for more', async () => {
    const { tool, run } = counting()
    const reply = { text: 'As far as', stopReason: 'model_context_window_exceeded' as const }
    const { client, server } = await mock({ toolCalls: [step(1)] }, reply)
    const { message, messages } = await runTools(client, params([tool])).final()
    expect(message.stop_reason).toBe('model_context_window_exceeded')
    expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: [{ text: 'As far as' }] })
    expect(run).toHaveBeenCalledTimes(1)
    expect(server.requests).toHaveLength(2)
  })

  test('asks for structured output in every turn, beside its tools', async () => {
    const { tool } = counting()
    const schema = toStrictSchema({ type: 'object', properties: { sum: { type: 'integer' } }, required: ['sum'] })
    const output_config = { format: { type: 'json_schema', schema } } as const
    const { client, server } = await mock({ toolCalls: [step(1)] }, '{"sum":1}')
    const { message } = await runTools(client, { ...params([tool]), output_config }).final()
    expect(server.requests.map(({ body }) => (body as MessageParams).output_config)).toEqual([
      output_config,
      output_config,
    ])
    expect(JSON.parse((message.content[0] as { text: string }).text)).toEqual({ sum: 1 })
  })

  test('runs nothing after a refusal', async () => {
    const { tool, run } = counting()
    const { client, server } = await mock({
      content: [
        { type: 'text', text: 'I will not.' },
        { type: 'tool_use', name: 'step', input: {} },
      ],
      stopReason: 'refusal',
    })
    const result = await runTools(client, params([tool])).final()
    expect(result.message.stop_reason).toBe('refusal')
    expect(result.calls).toEqual([])
    expect(run).not.toHaveBeenCalled()
    expect(result.messages.at(-1)).toMatchObject({ role: 'assistant', content: [{ text: 'I will not.' }] })
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['', true],
    ['', false],
    ['{"n":', true],
    ['{"n":', false],
    ['{"n":2}', false],
  ])(
    'ends in an error where a reply is cut inside a call after %j (stopped: %j), and keeps the calls before it',
    async (json, stops) => {
      const { tool, run } = counting()
      const stopped = runTools(clientOf(cutInside(json, stops)), params([tool]))
      const error = await stopped.final().catch((reason) => reason)
      expect(error).toBeInstanceOf(MaxOutputTokensError)
      expect(error.partial.content).toHaveLength(2)
      expect(run.mock.calls.map(([{ n }]) => n)).toEqual([1])
      expect(stopped.messages).toMatchObject([
        user('Go.'),
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', input: { n: 1 } }] },
        { role: 'user', content: [{ tool_use_id: 'toolu_1', content: 'did 1' }] },
      ])
      expect(stopped.usage).toMatchObject({ input_tokens: 5, output_tokens: 20 })
    },
  )

  test('is not in error where a text is cut, since it has what there is', async () => {
    const { client } = await mock({ text: 'Once upon', stopReason: 'max_tokens' })
    const { message } = await runTools(client, params([])).final()
    expect(message.stop_reason).toBe('max_tokens')
  })

  test('keeps the results of calls where the stream breaks after them, so that a retry makes none again', async () => {
    const { tool, run } = counting()
    const { client } = await mock(
      { toolCalls: [step(1), step(2)], text: 'Now.', cutAfterEvents: 14, eventDelayMs: 1 },
      ({ toolResults }) => `${toolResults.length} results`,
    )
    const broken = runTools(client, params([tool]))
    const error = await broken.final().catch((reason) => reason)
    expect(error.code).toBe('stream_interrupted')
    const made = run.mock.calls.length
    expect(made).toBeGreaterThan(0)
    const { message } = await runTools(client, params([tool], broken.messages)).final()
    expect(message.content).toMatchObject([{ text: `${made} results` }])
    expect(run).toHaveBeenCalledTimes(made)
  })

  test('ends with the history of the last whole turn where the API refuses a request', async () => {
    const { tool } = counting()
    const { client, server } = await mock({ toolCalls: [step(1)] }, { error: 529 }, 'Done.')
    const failed = runTools(client, params([tool]))
    const error = await failed.final().catch((reason) => reason)
    expect(error).toBeInstanceOf(APIError)
    expect(error.status).toBe(529)
    expect(failed.messages).toEqual(sentMessages(server)[1])
    const { message } = await runTools(client, params([tool], failed.messages)).final()
    expect(message.content).toMatchObject([{ text: 'Done.' }])
  })

  test.each([
    { type: 'tool', name: 'step', disable_parallel_tool_use: true },
    { type: 'any', disable_parallel_tool_use: true },
  ] as const)('forces a tool_choice for the first turn only: %j', async (forced) => {
    const { tool } = counting()
    const { client, server } = await mock({ toolCalls: [step(1)] }, 'Done.')
    await runTools(client, { ...params([tool]), tool_choice: forced }).final()
    expect(server.requests.map(({ body }) => (body as { tool_choice: unknown }).tool_choice)).toEqual([
      forced,
      { type: 'auto', disable_parallel_tool_use: true },
    ])
  })

  test('sums up the usage of its turns', async () => {
    const { tool } = counting()
    const { client } = await mock(
      { toolCalls: [step(1)], usage: { input_tokens: 10, output_tokens: 3, cache_read_input_tokens: 100 } },
      { text: 'Done.', usage: { input_tokens: 20, output_tokens: 4, cache_read_input_tokens: 200 } },
    )
    const { usage } = await runTools(client, params([tool])).final()
    expect(usage).toMatchObject({ input_tokens: 30, output_tokens: 7, cache_read_input_tokens: 300 })
  })

  test('makes the calls that a history still owes, before it sends it', async () => {
    const { tool, run } = counting()
    const { client, server } = await mock(({ toolResults }) => `${toolResults[0]?.text}`)
    const owed = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_9', ...step(9) }] } as const
    const { message, turns } = await runTools(client, params([tool], [user('Go.'), owed as never])).final()
    expect(message.content).toMatchObject([{ text: 'did 9' }])
    expect(run).toHaveBeenCalledTimes(1)
    expect(turns).toBe(1)
    expect(server.requests).toHaveLength(1)
  })

  test('lets beforeTurn change the parameters, the tools and the history', async () => {
    const { tool } = counting()
    const later = defineTool({
      ...{ name: 'later', description: 'Later.' },
      input: { type: 'object' },
      run: () => 'ok',
    })
    const { client, server } = await mock({ toolCalls: [step(1)] }, { toolCalls: [{ name: 'later' }] }, 'Done.')
    const { messages, calls } = await runTools(client, params([tool]), {
      beforeTurn: ({ turn, messages }) =>
        turn === 2 ? { tools: [later], max_tokens: 99, messages: [...messages, user('Hurry.')] } : undefined,
    }).final()
    expect(calls.map(({ name, isError }) => [name, isError])).toEqual([
      ['step', false],
      ['later', false],
    ])
    expect(server.requests.map(({ body }) => (body as { max_tokens: number }).max_tokens)).toEqual([1024, 99, 99])
    expect(messages).toContainEqual(user('Hurry.'))
  })

  test('ends with what a listener threw, with a valid history', async () => {
    const { tool } = counting()
    const { client } = await mock({ toolCalls: [step(1)] }, 'Done.')
    const failing = runTools(client, params([tool]), {
      onEvent: ({ type }) => {
        if (type === 'tool_result') throw new RangeError('full')
      },
    })
    await expect(failing.final()).rejects.toThrow(new RangeError('full'))
    const { message } = await runTools(client, params([tool], [...failing.messages, user('Again.')])).final()
    expect(message.content).toMatchObject([{ text: 'Done.' }])
  })

  test('refuses a bad list or option before anything is sent', () => {
    const { tool } = counting()
    const run =
      (tools: never[], options = {}) =>
      () =>
        runTools(clientOf(), params(tools), options)
    expect(run([tool, tool] as never[])).toThrow(new ConfigError('Two tools are named "step".'))
    expect(run([{ name: 'bare', input_schema: { type: 'object' } }] as never[])).toThrow(ConfigError)
    for (const none of [undefined, { step: tool }]) {
      expect(run(none as never)).toThrow(new ConfigError('tools must be a list of what defineTool makes.'))
    }
    expect(run([], { maxTurns: 0 })).toThrow(ConfigError)
    expect(run([], { concurrency: Number.NaN })).toThrow(ConfigError)
  })

  test('sends nothing where it was aborted before its start', async () => {
    const { client, server } = await mock('Hello.')
    const run = runTools(client, params([]), { signal: AbortSignal.abort('early') })
    const error = await run.final().catch((reason) => reason)
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toBe('early')
    expect(server.requests).toHaveLength(0)
    expect(run).toMatchObject({ state: 'ended', turns: 0, messages: [user('Go.')] })
  })
})
