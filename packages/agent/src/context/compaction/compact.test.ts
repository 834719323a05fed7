import {
  BudgetExceededError,
  type ContentBlockParam,
  createClient,
  createMessage,
  createUsageMeter,
  type MessageParam,
  RequestAbortedError,
} from '@enjamb/core'
import { createMockServer, type MockOptions, script, type Turn } from '@enjamb/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CompactionError } from '../../errors/compaction-error.ts'
import type { FrozenParams } from '../../journal/entry.ts'
import { withCacheMarks } from '../cache/with-cache-marks.ts'
import { type CompactOptions, compact } from './compact.ts'

const frozen: FrozenParams = {
  model: 'claude-sonnet-5-5',
  max_tokens: 2_000,
  system: [{ type: 'text', text: 'You are an agent. '.repeat(600) }],
  tools: [{ name: 'look', description: 'Looks.', input_schema: { type: 'object' } }],
}
/** Its API makes no summaries. */
const old = {
  ...frozen,
  model: 'claude-haiku-4-5',
  output_config: { format: { type: 'json_schema', schema: {} } },
} as FrozenParams
const user = (content: MessageParam['content']): MessageParam => ({ role: 'user', content })
const reply = (content: MessageParam['content']): MessageParam => ({ role: 'assistant', content })

/** A history of turns in which a tool is called. */
function history(turns: number, chars = 200): MessageParam[] {
  return Array.from({ length: turns }, (_, n) => [
    user(`Question ${n}.`),
    reply([{ type: 'tool_use', id: `toolu_${n}`, name: 'look', input: { n } }]),
    user([{ type: 'tool_result', tool_use_id: `toolu_${n}`, content: 'x'.repeat(chars) }]),
    reply(`Answer ${n}.`),
  ]).flat()
}

async function setUp(turns: Turn[], options: MockOptions = {}) {
  const server = await createMockServer({ script: script(turns), ...options })
  onTestFinished(() => server.close())
  const client = createClient({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 } })
  const bodies = () => server.requests.map(({ body }) => body as { [name: string]: unknown; messages: MessageParam[] })
  const run = (params: FrozenParams, messages: MessageParam[], options: CompactOptions = {}) =>
    compact(client, params, messages, options)
  return { server, client, bodies, run }
}

const failureOf = (work: Promise<unknown>): Promise<CompactionError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  )

describe('a summary', () => {
  it('is the API\u2019s own where the model has that, at what it costs', async () => {
    const { server, bodies, run } = await setUp([])
    const { summary, usage, cost } = await run(frozen, history(3))
    expect(summary).toBe('A conversation of 12 messages. The user said last: Question 2.')
    expect(bodies()).toMatchObject([{ compaction: { type: 'summarize' }, system: [{}], tools: [{}] }])
    expect(usage).toHaveProperty('iterations.0.type', 'compaction')
    expect(cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect(cost?.nanoUsd).toBeGreaterThan(0)
  })

  it('heeds instructions, which the API takes in place of its own prompt', async () => {
    const { bodies, run } = await setUp([])
    await run(frozen, history(3), { instructions: 'Keep all names.' })
    const { instructions } = bodies()[0]!.compaction as { instructions: string }
    expect(instructions).toMatch(/^Put the conversation so far into a summary(.|\n)*Beside that: Keep all names\.$/)
  })

  it('is asked of the model where its API has none, at the end of the same conversation, in words and without a schema', async () => {
    const { bodies, run, server } = await setUp(['Three questions were answered.'])
    const messages = history(3)
    const { summary, cost } = await run(old, messages, { instructions: 'Keep all names.' })
    expect(summary).toBe('Three questions were answered.')
    const [body] = bodies()
    expect(body!.messages.slice(0, -1).map(({ role }) => role)).toEqual(messages.map(({ role }) => role))
    expect(body!.messages.at(-1)).toMatchObject({ content: [{ text: expect.stringContaining('Keep all names.') }] })
    expect(body).not.toHaveProperty('output_config')
    expect(body).not.toHaveProperty('compaction')
    expect(body!.max_tokens).toBe(16_000)
    expect(cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('reads the cache of the conversation', async () => {
    const { server, client, run } = await setUp(['Hello.', 'A summary.'], { minCacheableTokens: 100 })
    const messages = history(30)
    await createMessage(client, withCacheMarks({ ...old, output_config: {}, messages: messages.slice(0, -1) }))
    await run(old, messages)
    const [first, second] = server.ledger.entries
    expect(second!.usage.cache_read_input_tokens).toBe(first!.usage.cache_creation_input_tokens)
  })

  it('is asked of the model where the API refuses its own, or what stands before it does not know of it', async () => {
    for (const first of [
      { error: { status: 400, message: 'compaction: Extra inputs are not permitted' } },
      'I go on.',
    ]) {
      const { bodies, run } = await setUp([first, 'A summary.'])
      expect((await run(frozen, history(3))).summary).toBe('A summary.')
      expect(bodies().map((body) => 'compaction' in body)).toEqual([true, false])
    }
  })

  it('is asked for once more, without calls, where the model calls a tool instead', async () => {
    const { bodies, run, server } = await setUp([{ text: 'Let me see.', toolCalls: [{ name: 'look' }] }, 'A summary.'])
    const { summary, cost } = await run(old, history(3))
    expect(summary).toBe('A summary.')
    expect(bodies().map(({ tool_choice }) => tool_choice)).toEqual([undefined, { type: 'none' }])
    expect(cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })
})

describe('a history that is longer than the model\u2019s window', () => {
  it('is read in pieces that fit, each with the summary of what stood before it, and none is left out', async () => {
    const seen: string[] = []
    const piece: Turn = {
      times: Number.POSITIVE_INFINITY,
      reply: ({ text }) => {
        seen.push(text)
        return `Summary ${seen.length}.`
      },
    }
    const { run, server } = await setUp([piece])
    const messages = history(300, 10_000)
    const { summary, cost } = await run(old, messages)
    expect(seen.length).toBeGreaterThan(3)
    expect(summary).toBe(`Summary ${seen.length}.`)
    for (const [index, text] of seen.slice(1).entries()) expect(text).toContain(`<summary>\nSummary ${index + 1}.`)
    const all = seen.join('')
    for (let n = 0; n < 300; n++) expect(all).toContain(`[look returned: ${'x'.repeat(100)}`)
    for (const n of [0, 150, 299]) expect(all).toContain(`Question ${n}.`)
    expect(cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('is read in smaller ones where those do not fit', async () => {
    const seen: number[] = []
    const small: Turn = {
      times: Number.POSITIVE_INFINITY,
      reply: ({ text }) => {
        if (text.length > 20_000) return { error: { status: 400, message: 'prompt is too long: 9 tokens > 8 maximum' } }
        seen.push(text.length)
        return 'A summary.'
      },
    }
    const { run } = await setUp([small])
    expect((await run(old, history(10, 9_000))).summary).toBe('A summary.')
    expect(Math.max(...seen)).toBeLessThan(20_000)
  })

  it('may be a single text', async () => {
    const { run, server } = await setUp([{ times: Number.POSITIVE_INFINITY, reply: 'A summary.' }])
    expect((await run(old, [user('\u{1f98a}'.repeat(400_000)), reply('So?')])).summary).toBe('A summary.')
    expect(server.ledger.answers).toBeGreaterThan(2)
  })

  it('is given up where the smallest of pieces does not fit, after a number of tries that is small', async () => {
    const { run, server } = await setUp([], { failure: () => ({ status: 400, message: 'prompt is too long' }) })
    expect(await failureOf(run(old, history(10)))).toBeInstanceOf(CompactionError)
    expect(server.requests.length).toBeLessThan(12)
  })
})

it('a history that the API refuses for something in it is read as text', async () => {
  const broken = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: 'AAAA' },
  } as ContentBlockParam
  const { run, bodies } = await setUp(['A picture was shown.'])
  const messages = [user([broken, { type: 'text', text: 'What is this?' }]), reply('A house.'), ...history(2)]
  expect((await run(old, messages)).summary).toBe('A picture was shown.')
  expect(bodies().at(-1)!.messages).toMatchObject([{ content: expect.stringContaining('[an image]\nWhat is this?') }])
})

describe('there is none', () => {
  it('of a history that ends in calls, and nothing is sent', async () => {
    const { run, server } = await setUp([])
    const error = await failureOf(run(old, history(1).slice(0, 2)))
    expect(error).toMatchObject({ code: 'compaction', name: 'CompactionError' })
    expect(server.requests).toHaveLength(0)
  })

  it('where it is not shorter than the history, which costs what it did', async () => {
    const { run, server } = await setUp(['A summary that is longer than what it sums up.'])
    const error = await failureOf(run(old, [user('Hi'), reply('Ho')]))
    expect(error.message).toMatch(/makes this history no shorter/)
    expect(error.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect(error.cause).toBeUndefined()
  })

  it.each<[string, Turn[]]>([
    ['is refused', [{ refusal: null }, { refusal: null }]],
    [
      'is cut off',
      [
        { text: 'A sum', stopReason: 'max_tokens' },
        { text: 'A sum', stopReason: 'max_tokens' },
      ],
    ],
    ['is empty', [{ content: [] }, { content: [] }]],
  ])('where it %s', async (_, turns) => {
    const { run, server } = await setUp(turns)
    const error = await failureOf(run(old, history(3)))
    expect(error.message).toMatch(/gave no whole summary/)
    expect(error.usage?.input_tokens).toBeGreaterThan(0)
    expect(server.requests).toHaveLength(2)
  })

  it('where the API fails, which may be tried again', async () => {
    const { run } = await setUp([{ error: 529 }])
    expect(await failureOf(run(frozen, history(3)))).toMatchObject({
      code: 'compaction',
      retryable: true,
      usage: undefined,
    })
  })

  it('where it is aborted, or a budget could break', async () => {
    const { run, server } = await setUp([])
    await expect(run(frozen, history(3), { signal: AbortSignal.abort() })).rejects.toThrow(RequestAbortedError)
    const { middleware } = createUsageMeter({ budgets: { default: { usd: 0.000_001 } } })
    const client = createClient({ apiKey: 'key', baseURL: server.url, middleware: [middleware] })
    await expect(compact(client, frozen, history(3))).rejects.toThrow(BudgetExceededError)
    expect(server.ledger.answers).toBe(0)
  })
})

it('a history stays as it is, down to its blocks', async () => {
  const { run } = await setUp([])
  const messages = history(3)
  const before = JSON.stringify(messages)
  await run(frozen, messages)
  expect(JSON.stringify(messages)).toBe(before)
})
