import {
  ConfigError,
  costOf,
  findModel,
  InvalidRequestError,
  NotFoundError,
  RequestAbortedError,
  RequestTimeoutError,
} from '@enjamb/core'
import { toolset } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import {
  batch,
  type Chat,
  conversation,
  createChat,
  parse,
  resumeBatch,
  streamParse,
  submitBatch,
  withAuto,
  withFallback,
} from '../index.ts'

describe('a batch of the Message Batches API', () => {
  it('is the same call at half the price', async () => {
    const { chat, sent, server } = await mockChat([], { model: 'haiku', cache: true })
    const ids: string[] = []
    const options = { via: 'batches', pollMs: 1, onSubmit: (id: string) => ids.push(id), maxTokens: 100 } as const
    const half = await batch(chat, ['a', { id: 'b', prompt: 'b' }], options)
    expect(sent()[0]).toEqual({
      requests: ['a', 'b'].map((content, n) => ({
        custom_id: n ? 'b' : '0',
        params: {
          model: 'claude-haiku-5-5',
          max_tokens: 100,
          messages: [{ role: 'user', content }],
          cache_control: { type: 'ephemeral' },
        },
      })),
    })
    expect(ids).toEqual([expect.stringMatching(/^msgbatch_/)])
    expect(half.results).toMatchObject([
      { id: '0', prompt: 'a', status: 'completed', reply: { text: 'You said: a', messages: [{ content: 'a' }] } },
      { id: 'b', prompt: 'b', status: 'completed', reply: { text: 'You said: b' } },
    ])
    const whole = await batch(chat, ['a', 'b'], { maxTokens: 100 })
    expect(half.totalTokens).toBe(whole.totalTokens)
    expect(half.totalCost!.nanoUsd).toBe(whole.totalCost!.nanoUsd / 2)
    const [first] = server.ledger.entries
    expect(half.results[0]?.cost).toEqual(costOf(first!.model, first!.usage))
  })

  it('is resumed in another process by its id, with its results matched', async () => {
    const { chat, server } = await mockChat([], {}, { batchDurationMs: 20 })
    const inputs = Array.from({ length: 12 }, (_, n) => `Question ${n}`)
    const { id } = await submitBatch(chat, inputs)
    const other = createChat({ apiKey: 'key', baseURL: server.url })
    const { results, completed } = await resumeBatch(other, id, { pollMs: 5 }).final()
    expect(completed).toBe(12)
    expect(results.map(({ reply }) => reply?.text)).toEqual(inputs.map((input) => `You said: ${input}`))
    expect(results.every(({ prompt }) => prompt === undefined)).toBe(true)
    const again = await resumeBatch(other, id, { inputs }).final()
    expect(again.results.map(({ prompt }) => prompt)).toEqual(inputs)
  })

  it('gives its results as they come, and each that failed its typed error', async () => {
    const { chat } = await mockChat([{ when: { text: 'bad' }, reply: { error: 400 } }])
    const job = await submitBatch(chat, ['good', 'bad'], { pollMs: 1 })
    const seen: string[] = []
    for await (const { status } of job) seen.push(status)
    expect(seen.sort()).toEqual(['completed', 'failed'])
    const { results, totalCost } = await job.final()
    expect(results[1]?.error).toBeInstanceOf(InvalidRequestError)
    expect(totalCost).toEqual(results[0]?.cost)
  })

  it('is cancelled', async () => {
    const { chat } = await mockChat([], {}, { batchDurationMs: 100_000 })
    const job = await submitBatch(chat, ['a', 'b'], { pollMs: 1 })
    await job.cancel()
    const { failed, results, totalCost } = await job.final()
    expect(failed).toBe(2)
    expect(results[0]?.error).toBeInstanceOf(RequestAbortedError)
    expect(totalCost).toMatchObject({ nanoUsd: 0 })
  })

  it('has a day', async () => {
    let now = Date.now()
    const { chat } = await mockChat([], {}, { batchDurationMs: 48 * 3_600_000, now: () => now })
    const job = await submitBatch(chat, ['a'], { pollMs: 1 })
    now += 25 * 3_600_000
    const { results } = await job.final()
    expect(results[0]?.error).toBeInstanceOf(RequestTimeoutError)
  })

  it('goes on where nobody waits any more', async () => {
    const { chat, server } = await mockChat([], {}, { batchDurationMs: 60 })
    const controller = new AbortController()
    const job = await submitBatch(chat, ['a'], { pollMs: 100_000, signal: controller.signal })
    const waiting = failureOf(job.final())
    setTimeout(() => controller.abort('home'), 10)
    expect(await waiting).toMatchObject({ code: 'request_aborted', cause: 'home' })
    expect(server.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(false)
    expect((await resumeBatch(chat, job.id, { pollMs: 5 }).final()).completed).toBe(1)
  })

  it('that there is none of is not found', async () => {
    const { chat } = await mockChat()
    expect(await failureOf(resumeBatch(chat, 'msgbatch_none').final())).toBeInstanceOf(NotFoundError)
  })

  it.each<[string, unknown, object, RegExp]>([
    ['no inputs', [], {}, /inputs must be a list/],
    ['more than the API takes', Array(100_001).fill('a'), {}, /at most 100000, not 100001/],
    [
      'more bytes than the API takes',
      Array(70).fill('x'.repeat(4_000_000)),
      {},
      /at most 268435456 bytes together, not 28\d+/,
    ],
    ['fallbacks', ['a'], { body: { fallbacks: 'default' } }, /fallbacks must be left out: a batch has none/],
    ['as many bytes in fewer characters', Array(40).fill('日'.repeat(2_300_000)), {}, /bytes together, not 276\d+/],
    ['tools', ['a'], { tools: toolset([]) }, /tools must be left out/],
    ['an empty prompt', ['a', ''], {}, /input must hold at least one message/],
    ['an id that the API takes not', [{ id: 'a b', prompt: 'x' }], {}, /custom_id must be/],
  ])('refuses %s before anything is sent', async (_, inputs, options, message) => {
    const { chat, sent } = await mockChat()
    const error = await failureOf(submitBatch(chat, inputs as never, options))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(sent()).toEqual([])
  })

  it.each([
    ['one of withFallback', (chat: Chat) => withFallback(chat, { models: ['opus'] })],
    ['one around it', (chat: Chat) => withAuto(withFallback(chat, { models: ['opus'] }))],
  ])('refuses a chat whose fallbacks it would leave out in silence, as %s', async (_, around) => {
    const { chat, sent } = await mockChat()
    expect(await failureOf(submitBatch(around(chat), ['a']))).toMatchObject({
      message: expect.stringMatching(/^fallbacks/),
    })
    expect(sent()).toEqual([])
  })

  it('has a model chosen for each input by withAuto', async () => {
    const { chat, sent } = await mockChat()
    await submitBatch(withAuto(chat), ['Hi', 'Explain and prove it.'])
    const { requests } = sent()[0] as unknown as { requests: { params: { model: string } }[] }
    expect(requests.map(({ params }) => params.model)).toEqual([findModel('haiku')!.id, findModel('opus')!.id])
  })
})

it.each<[string, (chat: Chat) => unknown, RegExp]>([
  [
    'batch',
    (chat) => batch(chat, ['a'], { concurency: 1 } as never),
    /^batch has no option "concurency": did you mean concurrency\?/,
  ],
  ['batch', (chat) => batch(chat, ['a'], { via: 'batch' } as never), /^via must be 'batches'/],
  ['submitBatch', (chat) => submitBatch(chat, ['a'], { maxToken: 1 } as never), /mean maxTokens/],
  [
    'resumeBatch',
    async (chat) => resumeBatch(chat, 'msgbatch_1', { poll: 1 } as never),
    /^resumeBatch has no option "poll"/,
  ],
  ['parse', (chat) => parse(chat, 'Hi', { schema: {}, retrys: 1 } as never), /mean ret/],
  ['parse', (chat) => parse(chat, 'Hi', { schema: {}, retries: -1 }), /^retries must be/],
  ['streamParse', async (chat) => streamParse(chat, 'Hi', { schema: {}, retries: 1 } as never), /no option "retries"/],
  ['conversation', async (chat) => conversation(chat, { sav: () => {} } as never), /mean save/],
])('an option that is none is refused by %s before anything is sent', async (_, call, message) => {
  const { chat, sent } = await mockChat()
  expect(await failureOf(Promise.resolve().then(() => call(chat)))).toMatchObject({
    code: 'config',
    message: expect.stringMatching(message),
  })
  expect(sent()).toEqual([])
})
