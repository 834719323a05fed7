import { createUsageMeter, type MessageParam, type MessageParams } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type AgentEvent,
  type AgentOptions,
  CompactionError,
  createAgent,
  type Entry,
  memoryStore,
  type Session,
  type Turn as SessionTurn,
} from '../index.ts'
import { toMetadata } from '../record/index.ts'

const words = (count: number) => 'A word or two. '.repeat(count / 3)
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  readOnly: true,
  run: () => words(3_000),
})

async function setUp(
  turns: Turn[],
  options: AgentOptions = {},
  failure?: (request: { body: unknown }) => number | object | undefined,
) {
  const server = await createMockServer({ script: script(turns), ...(failure && { failure: failure as never }) })
  onTestFinished(() => server.close())
  const store = memoryStore()
  const settings = { apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 }, store, tools: [look], ...options }
  const open = (resume = false) => createAgent(settings).session({ id: 's', resume })
  return { server, session: await open(), open }
}

const bodies = ({ requests }: MockServer) => requests.map(({ body }) => body as MessageParams)
const isCompaction = (body: MessageParams) => 'compaction' in body
const textsOf = ({ messages }: Pick<MessageParams, 'messages'>) =>
  messages.map(({ content }) => (typeof content === 'string' ? content : (content[0] as { text?: string }).text))

async function eventsOf(turn: SessionTurn): Promise<AgentEvent[]> {
  const events: AgentEvent[] = []
  for await (const event of turn) events.push(event)
  return events
}

const summary = (text: string): Turn => ({ content: [{ type: 'compaction', content: text, encrypted_content: null }] })
async function lastSeq(session: Session): Promise<number> {
  let last = 0
  for await (const { seq } of session.entries()) last = seq
  return last
}

const head = 'The conversation so far, as a summary to go on from:\n\n'

describe('compact()', () => {
  it('puts the history into a summary, which the next request begins with, also of another process', async () => {
    const { server, session, open } = await setUp(['One.', 'Two.'])
    await session.send(words(200)).final()
    const { summary, cost } = await session.compact()
    expect(session.messages).toEqual([{ role: 'user', content: head + summary }])
    expect(cost?.nanoUsd).toBeGreaterThan(0)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    await session.close()
    await using again = await open(true)
    expect(again.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('comes between the turn that is under way and the next', async () => {
    const { server, session } = await setUp(['One.', 'A summary.', 'Two.'], { model: 'claude-haiku-4-5' })
    const first = session.send(words(400)).final()
    const compacted = session.compact({ instructions: 'Keep names.' })
    const second = session.send('And then?').final()
    await Promise.all([first, compacted, second])
    const [, summary, last] = bodies(server)
    expect(textsOf(summary!).at(-1)).toContain('Keep names.')
    expect(textsOf(last!)).toEqual([`${head}A summary.`, 'And then?'])
  })

  it('fails where it makes nothing shorter, and leaves all as it was, but for what it cost', async () => {
    const { server, session } = await setUp(['One.'])
    await session.send('Hi').final()
    const before = [...session.messages]
    await expect(session.compact()).rejects.toThrow(CompactionError)
    expect(session.messages).toEqual(before)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect((await session.send('Ho').final()).status).toBe('completed')
  })

  it('ends where it is interrupted', async () => {
    const { session } = await setUp(['One.', { text: 'A summary.', stallAfterEvents: 2 }], {
      model: 'claude-haiku-4-5',
    })
    await session.send(words(200)).final()
    const compacted = session.compact()
    const failed = expect(compacted).rejects.toMatchObject({ code: 'request_aborted' })
    await session.interrupt('enough')
    await failed
    expect(session.messages).toHaveLength(2)
  })
})

it('a rewind to before it brings all of a history back, and what the summaries cost stays spent', async () => {
  const { server, session } = await setUp(['One.', 'Two.'])
  await session.send('Hi').final()
  await expect(session.compact()).rejects.toThrow('no shorter')
  await session.send(words(600)).final()
  const whole = [...session.messages]
  const seq = await lastSeq(session)
  await session.compact()
  await session.send('And?').final()
  await session.rewind({ to: seq })
  expect(session.messages).toEqual(whole)
  const all: Entry[] = []
  for await (const entry of session.entries()) all.push(entry)
  expect(toMetadata(all).cost_usd).toBeCloseTo(server.ledger.cost.usd, 9)
  expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
})

describe('a history that fills the model\u2019s window', () => {
  it('is put into a summary before the next prompt, which stays as it is', async () => {
    const { server, session } = await setUp(['One.', summary('All.'), 'Two.', 'Three.'], {
      compaction: { atTokens: 500 },
    })
    await session.send(words(600)).final()
    const events = await eventsOf(session.send('And then?'))
    expect(events.map(({ type }) => type).filter((type) => type !== 'text')).toEqual([
      'compaction',
      'prompt',
      'cache_break',
      'reply',
      'turn_end',
    ])
    expect(textsOf(bodies(server).at(-1)!)).toEqual([`${head}All.`, 'And then?'])
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    // It is short again.
    await session.send('And?').final()
    expect(bodies(server).filter(isCompaction)).toHaveLength(1)
  })

  it('is put into a summary within a turn, between a result and the next request', async () => {
    const { server, session } = await setUp([{ toolCalls: [{ name: 'look' }] }, summary('All.'), 'Seen.'], {
      compaction: { atTokens: 400 },
    })
    const { text, calls } = await session.send(`Look. ${words(300)}`).final()
    expect(text).toBe('Seen.')
    expect(calls).toHaveLength(1)
    const [, asked, last] = bodies(server)
    expect(asked!.messages.at(-1)).toMatchObject({ role: 'user', content: [{ type: 'tool_result' }] })
    expect(textsOf(last!)).toEqual([`${head}All.`])
  })

  it('is not looked at again and again where a summary helps no further', async () => {
    const { server, session } = await setUp([], { compaction: { atTokens: 10 } })
    for (let n = 0; n < 6; n++) await session.send(words(30)).final()
    // Each time there has to be a quarter more.
    expect(bodies(server).filter(isCompaction).length).toBeLessThan(5)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('goes on as it is where no summary comes while there is room', async () => {
    const failure = ({ body }: { body: unknown }) => (isCompaction(body as MessageParams) ? 529 : undefined)
    const { session } = await setUp(['One.', 'Two.'], { compaction: { atTokens: 500 } }, failure)
    await session.send(words(600)).final()
    expect((await session.send('And then?').final()).text).toBe('Two.')
    expect(session.messages).toHaveLength(4)
  })

  it('is left alone where that is asked for', async () => {
    const { server, session } = await setUp([], { compaction: false }, undefined)
    await session.send(words(600)).final()
    await session.send('And then?').final()
    expect(bodies(server).filter(isCompaction)).toEqual([])
  })

  it('is gone on with where a budget has no room for a summary, and some for the next request', async () => {
    const { middleware } = createUsageMeter({ budgets: { default: { usd: 0.04 } } })
    const { server, session } = await setUp(['One.', 'Two.'], {
      compaction: { atTokens: 500 },
      middleware: [middleware],
      maxTokens: 1_000,
    })
    await session.send(words(600)).final()
    expect(await session.send('And then?').final()).toMatchObject({ status: 'completed', text: 'Two.' })
    expect(bodies(server).map((body) => body.messages.length)).toEqual([1, 3])
  })
})

describe('a request that the API refuses as too long', () => {
  const tooLong = { status: 400, message: 'prompt is too long: 215434 tokens > 200000 maximum' }
  const longerThan =
    (most: number) =>
    ({ body }: { body: unknown }) => {
      const { messages } = body as { messages: MessageParam[] }
      return JSON.stringify(messages).length > most && !isCompaction(body as MessageParams) ? tooLong : undefined
    }

  it('is sent again behind a summary of what stood before its turn, with its prompt as it is', async () => {
    const { server, session, open } = await setUp(['One.', summary('All.'), 'Two.'], {}, longerThan(30_000))
    await session.send(words(5_000)).final()
    await session.close()
    await using again = await open(true)
    const [before, first] = [again.messages, await lastSeq(again)]
    const { text } = await again.send(`And then? ${words(2_000)}`).final()
    expect(text).toBe('Two.')
    expect(textsOf(bodies(server).at(-1)!)).toEqual([`${head}All.`, `And then? ${words(2_000)}`])
    await again.rewind({ to: first })
    expect(again.messages).toEqual(before)
    expect(again.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('is sent again behind a summary of all of it, where the turn itself is too long', async () => {
    const { server, session } = await setUp(
      [{ toolCalls: [{ name: 'look' }, { name: 'look' }] }, summary('All.'), 'Seen.'],
      {},
      longerThan(25_000),
    )
    expect((await session.send('Look.').final()).text).toBe('Seen.')
    expect(textsOf(bodies(server).at(-1)!)).toEqual([`${head}All.`])
  })

  it('is an error where it is the prompt that is too long, and the session goes on', async () => {
    const { server, session } = await setUp(['One.', 'Two.'], {}, longerThan(3_000))
    await session.send('Hi').final()
    await expect(session.send(words(3_000)).final()).rejects.toThrow(/prompt is too long/)
    expect(server.requests).toHaveLength(2)
    expect((await session.send('Ho').final()).status).toBe('completed')
  })
})

describe('hooks', () => {
  it('add instructions before, and what is to be remembered after', async () => {
    const triggers: string[] = []
    const { server, session } = await setUp(['One.', 'A summary.', 'Two.'], {
      model: 'claude-haiku-4-5',
      hooks: {
        beforeCompact: ({ trigger, instructions }) => {
          triggers.push(trigger)
          return { instructions: `Not only: ${instructions}` }
        },
        afterCompact: ({ summary }) => ({ context: `Mind the plan, beside ${summary}` }),
      },
    })
    await session.send(words(400)).final()
    const { summary } = await session.compact({ instructions: 'names' })
    expect(summary).toBe('A summary.\n\nMind the plan, beside A summary.')
    expect(session.messages).toEqual([{ role: 'user', content: head + summary }])
    expect(textsOf(bodies(server)[1]!).at(-1)).toContain('Beside that: names\n\nNot only: names')
    expect(triggers).toEqual(['manual'])
  })

  it('keep a history as it is, also one that fills the window', async () => {
    const hooks = { beforeCompact: () => ({ refuse: 'not now' }) }
    const { server, session } = await setUp([], { hooks, compaction: { atTokens: 500 } })
    await session.send(words(600)).final()
    await expect(session.compact()).rejects.toThrow('A hook kept the history as it is: not now')
    expect((await session.send('And then?').final()).status).toBe('completed')
    expect(bodies(server).filter(isCompaction)).toEqual([])
  })

  it('that fail after a summary leave all as it was, but for what it cost', async () => {
    const afterCompact = () => {
      throw new Error('no plan')
    }
    const { server, session } = await setUp([], { hooks: { afterCompact } })
    await session.send(words(600)).final()
    await expect(session.compact()).rejects.toThrow('no plan')
    expect(session.messages).toHaveLength(2)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })
})

describe('countTokens()', () => {
  it('says how long the next request is, with a prompt or without', async () => {
    const { server, session } = await setUp(['One.'])
    const none = await session.countTokens()
    await session.send('Hi').final()
    const some = await session.countTokens()
    expect(some).toBeGreaterThan(none)
    expect(await session.countTokens(words(30))).toBeGreaterThan(some)
    expect(server.ledger.answers).toBe(1)
  })
})
