import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { ConfigError, InvalidRequestError, type MessageParam, StreamInterruptedError } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { defineTool, type ToolContext } from '@enjamb/tools'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type AgentOptions, createAgent, memoryStore, type Session } from '../index.ts'

let server: MockServer
afterEach(() => server.close())

const input = { type: 'object' } as const

async function setUp(turns: Turn[], options: AgentOptions = {}): Promise<Session> {
  server = await createMockServer({ script: script(turns) })
  const settings = { apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 }, ...options }
  return await createAgent(settings).session()
}

const prompts = (session: Session) =>
  session.messages.filter(({ role }) => role === 'user').map(({ content }) => content)

describe('a turn that no reply has come to', () => {
  it.each<[string, Turn[], MessageParam['content']]>([
    [
      'what the API refuses',
      [],
      [{ type: 'text', text: 'Hi.', cache_control: { type: 'ephemeral', ttl: '9h' as never } }],
    ],
    ['what is too large', [{ error: 413 }], 'Much.'],
    ['what came at a bad time', [{ error: 529 }], 'Now?'],
  ])('leaves no trace, and the session goes on: %s', async (_, turns, prompt) => {
    const session = await setUp(['One.', ...turns, 'Two.'])
    await session.send('First').final()
    await expect(session.send(prompt).final()).rejects.toThrow()
    expect(prompts(session)).toEqual(['First'])
    expect((await session.send('Second').final()).text).toBe('Two.')
    expect(prompts(session)).toEqual(['First', 'Second'])
  })

  it('leaves none either where it was aborted before it was read', async () => {
    const session = await setUp(['One.'])
    const controller = new AbortController()
    const turn = session.send('Never sent', { signal: controller.signal })
    controller.abort()
    expect(await turn.final()).toMatchObject({ status: 'interrupted', text: '', message: undefined })
    expect([session.messages, server.requests]).toEqual([[], []])
  })

  it('shows its prompt for as long as a reply may come', async () => {
    const session = await setUp(['One.'])
    const events = session.send('First')[Symbol.asyncIterator]()
    const { value } = await events.next()
    expect(value).toMatchObject({ type: 'prompt', content: 'First' })
    expect(prompts(session)).toEqual(['First'])
  })
})

it('refuses an empty prompt before anything is sent, and goes on', async () => {
  const session = await setUp(['One.'])
  for (const prompt of ['', [], undefined as never]) expect(() => session.send(prompt)).toThrow(ConfigError)
  expect((await session.send('First').final()).text).toBe('One.')
  expect(server.requests).toHaveLength(1)
})

it('keeps a prompt as it was, whatever becomes of its list', async () => {
  const session = await setUp(['One.', 'Two.'])
  const prompt: MessageParam['content'] = [{ type: 'text', text: 'First' }]
  const turn = session.send(prompt)
  prompt.length = 0
  expect((await turn.final()).text).toBe('One.')
  expect((await session.send('Second').final()).text).toBe('Two.')
})

it('ends a turn with what its listener rejects with, and goes on', async () => {
  const session = await setUp(['One, two, three, four.', 'After all.'])
  const onText = async () => {
    throw new Error('The page is gone.')
  }
  await expect(session.send('Hi', { onText }).final()).rejects.toThrow('The page is gone.')
  expect((await session.send('Again').final()).text).toBe('After all.')
})

it('fails once where a loop and a final() beside it are cut off', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  const session = await setUp([{ text: 'Some words that do not all arrive.', cutAfterEvents: 5 }])
  const turn = session.send('Hi')
  const result = turn.final()
  const loop = async () => {
    for await (const _ of turn);
  }
  await expect(loop()).rejects.toThrow(StreamInterruptedError)
  await setImmediate()
  expect(unhandled).not.toHaveBeenCalled()
  await expect(result).rejects.toThrow(StreamInterruptedError)
})

it('counts what a tool spends on a model when its turn is long over', async () => {
  let context: ToolContext | undefined
  const run = (_: unknown, given: ToolContext) => {
    context = given
  }
  const tools = [defineTool({ name: 'begin', description: 'Begins.', input, run })]
  const session = await setUp([{ toolCalls: [{ name: 'begin' }] }, 'Begun.', 'More.'], { tools })
  await session.send('Begin.').final()
  await session.send('And now?').final()
  const [before, cost] = [session.usage!.input_tokens, session.cost!.nanoUsd]
  expect(cost).toBe(server.ledger.cost?.nanoUsd)
  context!.spend({ model: 'claude-haiku-5-5', usage: { input_tokens: 7, output_tokens: 0 } as never })
  await vi.waitFor(() => expect(session.usage!.input_tokens).toBe(before + 7))
  expect(session.cost!.nanoUsd).toBeGreaterThan(cost)
})

const answers: [name: string, turn: Turn][] = [
  ['text', 'Some words in a row.'],
  ['nothing', { content: [] }],
  ['thinking alone', { thinking: 'Hm.' }],
  ['a refusal', { text: 'I', stopReason: 'refusal' }],
  [
    'calls',
    { text: 'So:', toolCalls: [{ name: 'fail' }, { name: 'wait', input: { for: 'ever' } }, { name: 'unknown' }] },
  ],
  ['a call cut off', { toolCalls: [{ name: 'fail', input: { at: 1 } }], stopReason: 'max_tokens', cutAfterEvents: -2 }],
  ['an overload in the middle', { text: 'Some words.', error: { status: 529, afterEvents: 4 } }],
  [
    'a pause',
    {
      content: [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }],
      stopReason: 'pause_turn',
    },
  ],
]
const tools = [
  defineTool({
    name: 'fail',
    description: 'Fails.',
    input,
    run: () => {
      throw new Error('no')
    },
  }),
  // It heeds no signal: only an abort ends such a turn.
  defineTool({ name: 'wait', description: 'Waits.', input, timeoutMs: 20, run: () => new Promise(() => {}) }),
  { type: 'web_search_20250305', name: 'web_search' } as const,
]
const leave = new Error('left')

describe.each(answers)('after %s', (_, turn) => {
  it.each([1, 2, 3, 5])('left at event %i in any way, the next prompt is accepted, and nothing listens', async (at) => {
    const session = await setUp([turn, turn, turn, turn, { times: Number.POSITIVE_INFINITY, reply: 'End.' }], {
      tools,
      thinking: true,
    })
    for (const end of ['break', 'throw', 'interrupt', 'signal']) {
      const controller = new AbortController()
      const { signal } = controller
      const asked = session.send(`I ${end}.`, { signal })
      let seen = 0
      const read = async () => {
        for await (const _ of asked) {
          if (++seen < at) continue
          if (end === 'break') break
          if (end === 'throw') throw leave
          if (end === 'interrupt') void session.interrupt(leave)
          if (end === 'signal') controller.abort(leave)
        }
      }
      const error = await read().then(
        () => undefined,
        (thrown) => thrown,
      )
      expect(error).not.toBeInstanceOf(InvalidRequestError)
      // Leaving is no interruption.
      await session.interrupt(leave)
      expect(getEventListeners(signal, 'abort')).toEqual([])
    }
  })
})

describe('a history that the API refuses for one block', () => {
  it('is mended for good, with the thinking behind it, also for who opens the session again', async () => {
    const store = memoryStore()
    const image = {
      type: 'image',
      source: {
        type: 'base64',
        media_type: 'image/png',
        data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      },
    } as const
    const refused = {
      error: { status: 400, message: 'messages.0.content.0.image.source.base64: Could not process image' },
    }
    server = await createMockServer({
      script: script([{ thinking: 'Hm.', text: 'One.' }, refused as never, 'Two.', 'Three.']),
    })
    const agent = createAgent({ apiKey: 'key', baseURL: server.url, model: 'opus', store, retry: { maxRetries: 0 } })
    const session = await agent.session({ id: 's' })
    await session.send([image, { type: 'text', text: 'Look.' }]).final()
    expect((await session.send('And?').final()).text).toBe('Two.')
    const { messages } = session
    await session.close()
    expect(JSON.stringify(messages)).not.toContain('iVBOR')
    expect(messages[1]).toMatchObject({ content: [{ type: 'text' }] })
    const again = await agent.session({ id: 's', resume: true })
    expect(again.messages).toEqual(messages)
    expect((await again.send('More?').final()).text).toBe('Three.')
    // Marks for the cache move on.
    const bare = (body: unknown) =>
      JSON.parse(JSON.stringify(body, (key, value) => (key === 'cache_control' ? undefined : value)))
    const bodies = server.requests.map(({ body }) => bare(body).messages as unknown[])
    expect(bodies[3]!.slice(0, bodies[2]!.length)).toEqual(bodies[2])
  })
})
