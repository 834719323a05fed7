import {
  AuthenticationError,
  ConfigError,
  ConnectionError,
  costOf,
  InvalidRequestError,
  OverloadedError,
  RequestAbortedError,
  StreamInterruptedError,
} from '@enjamb/core'
import { createMockServer, type MockServer, type MockServerOptions, script, type Turn } from '@enjamb/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createChat } from './index.ts'

let server: MockServer | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  await server?.close()
  server = undefined
})

async function setUp(
  turns: Turn[] = [],
  options: MockServerOptions = {},
  defaults: Parameters<typeof createChat>[0] = {},
) {
  server = await createMockServer({ script: script(turns), ...options })
  const chat = createChat({ apiKey: 'key', baseURL: server.url, retry: { baseDelayMs: 1 }, ...defaults })
  const sent = () => server!.requests.map(({ body }) => body as Record<string, unknown>)
  return { chat, sent, server }
}

async function failureOf(work: Promise<unknown>): Promise<Error & { partial?: { content: unknown[] } }> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  )
}

describe('chat', () => {
  it('gives the reply with its usage, cost and request id', async () => {
    const { chat } = await setUp([
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
    const reply = await chat.chat('Hi', { project: 'p' })
    expect(reply).toMatchObject({
      text: 'ab',
      stopReason: 'end_turn',
      project: 'p',
      requestId: expect.stringMatching(/^req_/),
    })
    expect(reply.cost).toEqual(costOf(reply.model, reply.usage))
    expect(reply.cost!.nanoUsd).toBeGreaterThan(0)
    expect(reply.message.id).toBe(reply.id)
  })

  it('has no cost for a model without a list price', async () => {
    const { chat } = await setUp(['a'], { models: ['claude-of-tomorrow'] })
    expect((await chat.chat('Hi', { model: 'claude-of-tomorrow' })).cost).toBeUndefined()
  })

  it('sends what is said, by default or with the call, and nothing else', async () => {
    const { chat, sent } = await setUp([], {}, { model: 'haiku', system: 'Be brief.', maxTokens: 100 })
    await chat.chat('Hi')
    await chat.chat([{ role: 'user', content: 'Hi' }], {
      model: 'opus',
      maxTokens: undefined,
      system: 'Be long.',
      effort: 'low',
      thinking: true,
      cache: '1h',
      stopSequences: ['END'],
      metadata: { userId: 'u' },
      body: { service_tier: 'auto' },
    })
    expect(sent()).toEqual([
      {
        model: 'claude-haiku-5-5',
        max_tokens: 100,
        system: 'Be brief.',
        messages: [{ role: 'user', content: 'Hi' }],
        stream: false,
      },
      {
        model: 'claude-opus-5-5',
        max_tokens: 100,
        system: 'Be long.',
        messages: [{ role: 'user', content: 'Hi' }],
        output_config: { effort: 'low' },
        thinking: { type: 'adaptive' },
        cache_control: { type: 'ephemeral', ttl: '1h' },
        stop_sequences: ['END'],
        metadata: { user_id: 'u' },
        service_tier: 'auto',
        stream: false,
      },
    ])
  })

  it('lets older models think within a budget', async () => {
    const { chat, sent } = await setUp()
    await chat.chat('Hi', { model: 'claude-haiku-4-5', maxTokens: 4_000, thinking: true })
    await chat.chat('Hi', { model: 'claude-haiku-4-5', maxTokens: 4_000, thinking: { budgetTokens: 2_000 } })
    await chat.chat('Hi', { model: 'claude-haiku-4-5', thinking: false })
    expect(sent().map(({ thinking }) => thinking)).toEqual([
      { type: 'enabled', budget_tokens: 3_999 },
      { type: 'enabled', budget_tokens: 2_000 },
      { type: 'disabled' },
    ])
  })

  it('sends sampling parameters under the old version, and refuses them under the new', async () => {
    const old = await setUp([], {}, { apiVersion: '2023-06-01' })
    await old.chat.chat('Hi', { model: 'claude-haiku-4-5', temperature: 0.5, topK: 3 })
    expect(old.sent()[0]).toMatchObject({ temperature: 0.5, top_k: 3 })
    await old.server.close()
    const { chat, sent } = await setUp()
    expect(await failureOf(chat.chat('Hi', { topP: 1 }))).toBeInstanceOf(ConfigError)
    expect(sent()).toEqual([])
  })
})

describe('the options', () => {
  it('of a call say how long an answer may take, when it is not streamed', async () => {
    const { chat, sent } = await setUp(['Long.'])
    const error = await failureOf(chat.chat('Hi', { maxTokens: 32_000 }))
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('timeoutMs') })
    expect((await chat.chat('Hi', { maxTokens: 32_000, timeoutMs: 900_000 })).text).toBe('Long.')
    expect(sent()).toHaveLength(1)
  })

  it('of a chat and of a call count both, each once', async () => {
    const defaults = { headers: { 'x-a': '1', 'x-b': '1' }, betas: ['context-1m-2025-08-07'], retry: { maxRetries: 0 } }
    const { chat, server } = await setUp([{ error: 529 }, 'No.'], {}, defaults)
    const call = { headers: { 'x-b': '2', 'x-c': '2' }, betas: ['files-api-2025-04-14'] }
    expect(await failureOf(chat.chat('Hi', call))).toBeInstanceOf(OverloadedError)
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.headers).toMatchObject({
      'x-a': '1',
      'x-b': '2',
      'x-c': '2',
      'anthropic-beta': 'context-1m-2025-08-07,files-api-2025-04-14',
    })
    expect((await chat.chat('Hi', { ...call, retry: { maxRetries: 1 } })).text).toBe('No.')
  })

  it('that a chat was made with stay what they were', async () => {
    const defaults: Parameters<typeof createChat>[0] = { model: 'haiku' }
    const { chat, sent } = await setUp([], {}, defaults)
    const other = createChat(Object.assign(defaults, { apiKey: 'key', baseURL: server!.url }))
    Object.assign(defaults, { model: 'opus', system: 'Lie.' })
    await other.chat('Hi')
    await chat.chat('Hi', { model: undefined })
    for (const body of sent()) {
      expect(body).toMatchObject({ model: 'claude-haiku-5-5' })
      expect(body).not.toHaveProperty('system')
    }
  })
})

describe('stream', () => {
  it('gives text piece by piece, and the reply after it', async () => {
    const { chat } = await setUp(['A few words, in some pieces.'])
    const stream = chat.stream('Hi')
    const pieces: string[] = []
    for await (const { text } of stream) pieces.push(text)
    expect(pieces.length).toBeGreaterThan(1)
    expect(await stream.final()).toMatchObject({
      text: pieces.join(''),
      stopReason: 'end_turn',
      requestId: expect.any(String),
    })
  })

  it('sends nothing before it is read', async () => {
    const { chat, sent } = await setUp()
    chat.stream('Hi')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent()).toEqual([])
  })

  it('collects the text of a stream', async () => {
    const { chat, sent } = await setUp(['Collected.'])
    expect(await chat.collect('Hi')).toBe('Collected.')
    expect(sent()[0]).toMatchObject({ stream: true })
  })

  it('keeps what came before a cut', async () => {
    const { chat } = await setUp([{ text: 'Some words that do not all arrive.', cutAfterEvents: -3 }])
    const error = await failureOf(chat.collect('Hi'))
    expect(error).toBeInstanceOf(StreamInterruptedError)
    expect(error.partial?.content).toMatchObject([
      { type: 'thinking' },
      { type: 'text', text: expect.stringMatching(/^Some/) },
    ])
  })

  it('rejects when the caller aborts', async () => {
    const { chat } = await setUp([{ text: 'Slow words, one after the other.', eventDelayMs: 10 }])
    const controller = new AbortController()
    const error = await failureOf(
      (async () => {
        for await (const _ of chat.stream('Hi', { signal: controller.signal })) controller.abort(new Error('enough'))
      })(),
    )
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toMatchObject({ message: 'enough' })
  })
})

describe('what is wrong is said in one typed error', () => {
  it('before anything is sent', async () => {
    for (const name of ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'])
      vi.stubEnv(name, '')
    const { server } = await setUp()
    const chat = createChat({ baseURL: server.url })
    for (const work of [
      chat.chat('Hi'),
      chat.collect('Hi'),
      createChat({ apiKey: 'k' }).chat('Hi', { model: 'sonet' }),
      createChat({ apiKey: 'k' }).chat(''),
      createChat({ apiKey: 'k' }).chat([]),
      createChat({ apiKey: 'k' }).collect(undefined as never),
      createChat({ apiKey: 'k' }).chat('Hi', { maxTokens: -1 }),
    ]) {
      expect(await failureOf(work)).toBeInstanceOf(ConfigError)
    }
    expect(() => chat.stream('Hi', { model: 'sonet' })).toThrow(/haiku.*sonet/)
    expect(server.requests).toHaveLength(0)
  })

  it('by the API', async () => {
    const { chat } = await setUp([{ error: 400 }, { error: 529 }, { error: 529 }, { error: 529 }], { apiKeys: ['key'] })
    expect(await failureOf(chat.chat('Hi'))).toBeInstanceOf(InvalidRequestError)
    expect(await failureOf(chat.collect('Hi'))).toBeInstanceOf(OverloadedError)
    expect(await failureOf(createChat({ apiKey: 'other', baseURL: server!.url }).collect('Hi'))).toBeInstanceOf(
      AuthenticationError,
    )
  })

  it('by the network', async () => {
    const { chat, server } = await setUp()
    await server.close()
    const error = await failureOf(chat.collect('Hi'))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toContain(server.url)
  })
})
