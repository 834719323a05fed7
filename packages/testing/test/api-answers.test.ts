import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { type MockOptions, mockFetch, script, type Turn } from '../src/index.ts'

const plain = { model: 'claude-opus-5-5', max_tokens: 1000 }
const hello = { ...plain, messages: [{ role: 'user' as const, content: 'Hello' }] }
const tools: Anthropic.Beta.BetaToolUnion[] = [{ name: 'read', input_schema: { type: 'object' } }]

function start(turns: Turn[] = [], options: MockOptions = {}) {
  const fetch = mockFetch({ ...options, script: script(turns) })
  const { beta } = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 })
  return { messages: beta.messages, fetch }
}

type Params = Anthropic.Beta.MessageCreateParamsNonStreaming
const behind = (content: Anthropic.Beta.BetaContentBlock[], next = 'And then?'): Params['messages'] => [
  ...hello.messages,
  { role: 'assistant', content: content as Anthropic.Beta.BetaContentBlockParam[] },
  { role: 'user', content: next },
]

describe('an answer of a model that thinks by itself', () => {
  it('begins with thinking that is signed, and not shown', async () => {
    const { messages } = start(['Hi.', { thinking: 'Hm.', text: 'Hi.' }])
    for (let turn = 0; turn < 2; turn++) {
      expect((await messages.create(hello)).content).toEqual([
        { type: 'thinking', thinking: '', signature: expect.stringMatching(/.{80}/) },
        { type: 'text', text: 'Hi.', citations: null },
      ])
    }
  })

  it.each(['summarized', 'updates'] as const)('shows it where the display is %s', async (display) => {
    const { messages } = start([{ thinking: 'Hm.', text: 'Hi.' }])
    const thinking = { type: 'adaptive' as const, display }
    const betas = ['thinking-display-updates-2026-08-18']
    const { content } = await messages.create({ ...hello, thinking, betas })
    expect(content[0]).toMatchObject({ type: 'thinking', thinking: 'Hm.' })
  })

  it('has none where it is turned off, where the turn says so, and in models that do not think unasked', async () => {
    const { messages } = start(['Hi.', { thinking: false, text: 'Hi.' }, 'Hi.'])
    const off = { ...hello, model: 'claude-haiku-5-5', thinking: { type: 'disabled' as const } }
    for (const params of [off, hello, { ...hello, model: 'claude-opus-4-8' }]) {
      expect((await messages.create(params)).content).toMatchObject([{ type: 'text' }])
    }
  })

  it('streams as a block without text', async () => {
    const { messages } = start(['Hi.'])
    const events: string[] = []
    for await (const event of await messages.create({ ...hello, stream: true })) {
      events.push(event.type === 'content_block_delta' ? event.delta.type : event.type)
    }
    expect(events.slice(0, 4)).toEqual([
      'message_start',
      'content_block_start',
      'signature_delta',
      'content_block_stop',
    ])
  })
})

describe('a turn that calls tools under a budget of thinking', () => {
  it.each<[string, Turn]>([
    ['by its calls', { toolCalls: [{ name: 'read', id: 'toolu_1' }] }],
    ['by whole blocks', { content: [{ type: 'tool_use', id: 'toolu_1', name: 'read' }] }],
  ])('can be sent back, scripted %s', async (_, turn) => {
    const { messages } = start([turn])
    const params = {
      ...hello,
      model: 'claude-haiku-4-5',
      max_tokens: 2000,
      tools,
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    }
    const { content } = await messages.create(params)
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'x' }
    const history: Params['messages'] = [...behind(content).slice(0, 2), { role: 'user', content: [result] }]
    expect((await messages.create({ ...params, messages: history })).stop_reason).toBe('end_turn')
  })
})

describe('thinking is bound to what stood before it:', () => {
  const system = 'Be brief.'
  const refusal =
    /400 .*messages\.1\.content\.0: Invalid `signature` in `thinking` block\. The block is bound to a different conversation\./
  const answer = async (model = plain.model) => {
    const { messages } = start()
    const given = {
      ...hello,
      model,
      system,
      tools: [...tools, { name: 'write', input_schema: { type: 'object' as const } }],
    }
    const { content } = await messages.create(given)
    return { messages, params: { ...given, messages: behind(content) } }
  }

  it.each<[string, (params: Params) => Params]>([
    ['the same again', (params) => params],
    ['tools in another order', (params) => ({ ...params, tools: params.tools?.toReversed() ?? [] })],
    [
      'marks for the cache, and content as blocks',
      (params) => ({
        ...params,
        system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }, ...params.messages.slice(1)],
      }),
    ],
    [
      'more at the end',
      (params) => ({ ...params, messages: [...params.messages, { role: 'user', content: 'Well?' }] }),
    ],
    ['another model, which cannot read it', (params) => ({ ...params, model: 'claude-sonnet-5-5' })],
    [
      'thinking left out of an edited history',
      (params) => ({
        ...params,
        system: 'Be long.',
        messages: params.messages.map((message) => ({
          ...message,
          content: Array.isArray(message.content)
            ? message.content.filter(({ type }) => type !== 'thinking')
            : message.content,
        })) as Params['messages'],
      }),
    ],
  ])('free to send is %s', async (_, change) => {
    const { messages, params } = await answer()
    expect((await messages.create(change(params))).type).toBe('message')
  })

  it.each<[string, (params: Params) => Params]>([
    ['system prompt', (params) => ({ ...params, system: 'Be long.' })],
    ['tools', (params) => ({ ...params, tools })],
    [
      'history',
      (params) => ({ ...params, messages: [{ role: 'user', content: 'Hello?' }, ...params.messages.slice(1)] }),
    ],
  ])('an edited %s is a 400, and with drop_block an answer that says what was dropped', async (_, change) => {
    const { messages, params } = await answer()
    await expect(messages.create(change(params))).rejects.toThrow(refusal)
    const dropped = await messages.create({
      ...change(params),
      betas: ['thinking-binding-controls-2026-08-01'],
      thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
    })
    expect(dropped.input_transformations).toEqual([
      { type: 'thinking_dropped', path: 'messages.1.content.0', reason: 'prefix_binding_mismatch' },
    ])
  })

  it('older models do not mind', async () => {
    const { messages, params } = await answer('claude-opus-5')
    expect((await messages.create({ ...params, system: 'Be long.' })).type).toBe('message')
  })

  it('no model takes it back changed', async () => {
    const { messages } = start([{ thinking: 'Hm.', text: 'Hi.' }])
    const thinking = { type: 'adaptive' as const, display: 'summarized' as const }
    const { content } = await messages.create({ ...hello, thinking })
    const changed = content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'Aha.' } : block))
    await expect(messages.create({ ...hello, thinking, messages: behind(changed) })).rejects.toThrow(
      'cannot be modified',
    )
  })
})

describe('a refusal', () => {
  const betas = ['server-side-fallback-2026-07-01']
  const turn = { refusal: { category: 'cyber' as const, after: 'Well,' }, thinking: false as const, text: 'Of course.' }

  it('is the whole answer, empty or with what was written before', async () => {
    const { messages } = start([{ refusal: 'bio' }, turn])
    expect(await messages.create(hello)).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: 'bio', explanation: null },
    })
    expect(await messages.create(hello)).toMatchObject({ content: [{ text: 'Well,' }], stop_reason: 'refusal' })
  })

  it.each([
    ['a list', [{ model: 'claude-opus-4-8' }]],
    ['the default', 'default' as const],
  ])('is followed by the answer of the fallback, with %s', async (_, fallbacks) => {
    const { messages, fetch } = start([turn, turn])
    const whole = await messages.create({ ...hello, betas, fallbacks })
    expect(whole).toMatchObject({
      model: 'claude-opus-4-8',
      content: [
        { type: 'text', text: 'Well,' },
        {
          type: 'fallback',
          from: { model: 'claude-opus-5-5' },
          to: { model: 'claude-opus-4-8' },
          trigger: { type: 'refusal', category: 'cyber' },
        },
        { type: 'text', text: 'Of course.' },
      ],
      stop_reason: 'end_turn',
      usage: {
        output_tokens: 3,
        iterations: [
          { type: 'message', model: 'claude-opus-5-5', output_tokens: 2 },
          { type: 'fallback_message', model: 'claude-opus-4-8', output_tokens: 3 },
        ],
      },
    })
    const streamed = await messages.stream({ ...hello, betas, fallbacks }).finalMessage()
    expect(streamed.content).toEqual(whole.content)
    expect(streamed.usage.iterations).toEqual(whole.usage.iterations)
    // Both models' work is billed, each at its own price: 4,000 and 5,000 a token in, 20,000 and 25,000 out.
    expect(fetch.ledger.entries[0]?.cost?.nanoUsd).toBe(6 * 4_000 + 2 * 20_000 + 6 * 5_000 + 3 * 25_000)
  })
})

it('compacts a conversation where that is asked for, and counts it apart', async () => {
  const { messages } = start()
  const params = { ...hello, betas: ['compact-2026-09-04'], compaction: { type: 'summarize' as const } }
  const whole = await messages.create(params)
  expect(whole).toMatchObject({
    content: [{ type: 'compaction', content: expect.stringContaining('Hello') }],
    stop_reason: 'compaction',
    usage: { input_tokens: 0, output_tokens: 0, iterations: [{ type: 'compaction', input_tokens: 6 }] },
  })
  expect((await messages.stream(params).finalMessage()).content).toEqual(whole.content)
})

describe('the prompt cache', () => {
  const marked = (tokens: number) => [
    { type: 'text' as const, text: 'x'.repeat(tokens * 4), cache_control: { type: 'ephemeral' as const } },
  ]
  it.each([
    ['claude-opus-5-5', 512],
    ['claude-sonnet-5', 1024],
    ['claude-opus-4-7', 2048],
    ['claude-haiku-4-5', 4096],
  ])('of %s takes prefixes of %i tokens', async (model, least) => {
    const { messages } = start()
    const written = async (tokens: number) =>
      (await messages.create({ ...hello, model, system: marked(tokens) })).usage.cache_creation_input_tokens
    expect([await written(least - 1), await written(least)]).toEqual([0, least])
  })

  it('takes shorter ones where the mock is told to', async () => {
    const { messages } = start([], { minCacheableTokens: 10 })
    expect((await messages.create({ ...hello, system: marked(10) })).usage.cache_creation_input_tokens).toBe(10)
  })
})
