import { setImmediate } from 'node:timers/promises'
import type { MessageParam } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { defineTool, permissions } from '@enjamb/tools'
import { answerText } from '@enjamb/tools/code'
import { codingTools } from '@enjamb/tools/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { setUpAgent } from '../../test/set-up-agent.ts'
import { type AgentOptions, memoryStore, type Session, type SessionStore } from '../index.ts'

const input = { type: 'object', properties: { to: { type: 'string' } } } as const
const pays = (id: string): Turn => ({ toolCalls: [{ name: 'pay', id, input: { to: id } }] })
const defers = () => ({ defer: true }) as const

async function setUp(turns: Turn[], options: AgentOptions = {}, onPay: () => unknown = () => 'paid') {
  const made: string[] = []
  const pay = defineTool({
    name: 'pay',
    description: 'Pays.',
    input,
    run({ to }) {
      made.push(to!)
      return onPay()
    },
  })
  const given = await setUpAgent(turns, { tools: [pay], ...options })
  return { ...given, made, session: await given.make().session({ id: 's' }) }
}

async function reopened(make: () => { session(options: object): Promise<Session> }, session: Session) {
  await session.close()
  const again = await make().session({ id: 's', resume: true })
  onTestFinished(() => again.close())
  return again
}

/** What each message is, in short. */
const outline = (messages: readonly MessageParam[]) =>
  messages.map(({ role, content }) =>
    typeof content === 'string' ? content : `${role}: ${content.map(({ type }) => type).join(' ')}`,
  )

/** What goes on now is of a turn that has ended. */
async function expectNoMore(session: Session, goOn = () => {}): Promise<void> {
  const before = session.messages
  goOn()
  for (let rounds = 0; rounds < 20; rounds++) await setImmediate()
  const types: string[] = []
  for await (const { type } of session.entries()) types.push(type)
  expect([types.at(-1), session.status]).toEqual(['turn', 'idle'])
  expect(session.messages).toEqual(before)
}

describe('a prompt that is sent now', () => {
  it('comes with the next results of tools, never between a call and its result', async () => {
    let steer = () => {}
    const { session, sent } = await setUp([pays('a'), 'Done.'], {}, () => steer())
    steer = () => void session.send('And hurry.', { when: 'now' })
    expect((await session.send('Pay.').final()).text).toBe('Done.')
    expect(outline(sent())).toEqual(['Pay.', expect.stringContaining('tool_use'), 'user: tool_result', 'And hurry.'])
  })

  it('refuses the calls that wait, and says so to the model', async () => {
    const { session, sent, made } = await setUp([pays('a'), 'Then not.'], { permission: defers })
    await session.send('Pay.').final()
    expect((await session.send('Leave it.', { when: 'now' }).final()).text).toBe('Then not.')
    expect(made).toEqual([])
    expect(outline(sent()).slice(-2)).toEqual(['user: tool_result', 'Leave it.'])
    expect(JSON.stringify(sent())).toContain('went on without deciding')
  })

  it('is unsent, as are those behind it, where its turn is interrupted while a hook looks at it', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const prompt = async ({ id }: { id: string }) => {
      if (id !== 'a') return undefined
      void session.interrupt('enough')
      await opened
      return undefined
    }
    let steer = () => {}
    const { session } = await setUp([pays('a'), 'Done.'], { hooks: { prompt } }, () => steer())
    steer = () => {
      for (const id of ['a', 'b']) session.send(`Prompt ${id}.`, { id, when: 'now' })
    }
    expect(await session.send('Pay.').final()).toMatchObject({ status: 'interrupted', unsent: ['a', 'b'] })
    await expectNoMore(session, open)
  })
})

it.each([[['a']], [['a', 'b']]])(
  'nothing is said behind the end of a turn that was interrupted while the first of %s was written',
  async (ids) => {
    const store = memoryStore()
    const open: SessionStore['open'] = async (...given) => {
      const { append, ...lease } = await store.open(...given)
      let last: Promise<unknown> = Promise.resolve()
      return {
        ...lease,
        append(entries) {
          if (entries.some((entry) => entry.type === 'prompt' && entry.id === 'a')) void session.interrupt('enough')
          // As a disk that takes its time.
          const written = last.then(() => setImmediate()).then(() => append(entries))
          last = written
          return written
        },
      }
    }
    let steer = () => {}
    const hooks = { beforeTurn: () => ({ context: 'It is late.' }) }
    const options = { store: { ...store, open }, hooks }
    const { session } = await setUp([pays('a'), 'Done.'], options, () => steer())
    steer = () => {
      for (const id of ids) session.send(`Prompt ${id}.`, { id, when: 'now' })
    }
    const unsent = ids.slice(1)
    expect(await session.send('Pay.').final()).toMatchObject({ status: 'interrupted', unsent })
    await expectNoMore(session)
  },
)

it('a prompt of one id is one prompt: queued, running, waiting, at its end, and after that of its process', async () => {
  const { session, server, made, make } = await setUp([{ text: 'Slowly.', eventDelayMs: 5 }, pays('a'), 'Paid.'], {
    permission: defers,
  })
  const first = session.send('First')
  const queued = session.send('Pay.', { id: 'p' })
  const firstResult = first.final()
  const results = [queued.final(), session.send('Pay.', { id: 'p' }).final()]
  await firstResult
  for await (const event of session.send('Pay.', { id: 'p' })) {
    // While it runs.
    if (event.type === 'tool_call') results.push(session.send('Pay.', { id: 'p' }).final())
  }
  for (const { status } of await Promise.all(results)) expect(status).toBe('waiting')
  expect((await session.send('Pay.', { id: 'p' }).final()).status).toBe('waiting')
  const again = await reopened(make, session)
  expect((await again.send('Pay.', { id: 'p' }).final()).status).toBe('waiting')
  const turn = await again.decide('a', { allow: true })
  expect((await turn!.final()).text).toBe('Paid.')
  expect((await again.send('Pay.', { id: 'p' }).final()).text).toBe('Paid.')
  const last = await reopened(make, again)
  expect((await last.send('Pay.', { id: 'p' }).final()).text).toBe('Paid.')
  expect([server.requests.length, made]).toEqual([3, ['a']])
  expect(outline(last.messages).filter((line) => line === 'Pay.')).toHaveLength(1)
})

describe('a question, with nobody there', () => {
  const questions = [
    {
      question: 'Which one?',
      header: 'Choice',
      multiSelect: false,
      options: [
        { label: 'Red', description: 'As blood.' },
        { label: 'Blue', description: 'As the sky.' },
      ],
    },
  ]
  const asks: Turn = { toolCalls: [{ name: 'AskUserQuestion', id: 'q', input: { questions } }] }

  it.each(['toolResults', 'decide'])('waits, and is answered in another process by %s', async (way) => {
    const tools = codingTools({ cwd: '/tmp', onQuestion: 'defer' })
    onTestFinished(() => tools.close())
    const { session, sent, make } = await setUp([asks, ({ toolResults }) => `So ${toolResults[0]?.text}`], { tools })
    expect(await session.send('Paint it.').final()).toMatchObject({
      status: 'waiting',
      pending: [{ id: 'q', kind: 'question', name: 'AskUserQuestion', input: { questions } }],
    })
    const again = await reopened(make, session)
    const shown = again.pending[0]!.input as { questions: typeof questions }
    const content = answerText(shown.questions, [['Blue']])
    const turn =
      way === 'decide'
        ? (await again.decide('q', { content }))!
        : again.send('', { toolResults: [{ id: 'q', content }] })
    expect((await turn.final()).text).toMatch(/^So .*Blue/s)
    expect(outline(sent()).at(-1)).toBe('user: tool_result')
  })
})

it('results of tools that somebody else makes come with a prompt behind them', async () => {
  const hand = defineTool({ name: 'hand', description: 'Is made elsewhere.', input })
  const calls = [
    { name: 'hand', id: 'a' },
    { name: 'hand', id: 'b' },
  ]
  const { session, sent } = await setUp([{ toolCalls: calls }, 'Thanks.'], { tools: [hand] })
  const { pending } = await session.send('Go.').final()
  expect(pending.map(({ kind }) => kind)).toEqual(['client_tool', 'client_tool'])
  const one = [{ id: 'a', content: 'one' }]
  expect(() => session.send('On.', { toolResults: one })).toThrow('b (hand)')
  expect(() => session.send('On.', { toolResults: [...one, { id: 'c', content: '' }] })).toThrow('No call c waits')
  const two = [...one, { id: 'b', content: 'it broke', isError: true }]
  expect((await session.send('On.', { toolResults: two }).final()).text).toBe('Thanks.')
  expect(sent().slice(-2)).toMatchObject([
    {
      content: [
        { tool_use_id: 'a', content: 'one' },
        { tool_use_id: 'b', content: 'it broke', is_error: true },
      ],
    },
    { content: 'On.' },
  ])
})

it('what is allowed for always is not asked about again, in any process, but what a rule denies stays denied', async () => {
  const permission = permissions({
    deny: ['pay(never)'],
    subjects: { pay: { kind: 'text', field: 'to' } },
    canUseTool: defers,
  })
  const turns = [pays('a'), pays('b'), pays('never'), 'Done.', pays('c'), 'Done.']
  const { session, made, make } = await setUp(turns, { permission })
  await session.send('Pay.').final()
  const turn = await session.decide('a', { allow: true, always: true })
  expect((await turn!.final()).text).toBe('Done.')
  expect(made).toEqual(['a', 'b'])
  const again = await reopened(make, session)
  expect(await again.send('More.').final()).toMatchObject({ status: 'completed' })
  expect(made).toEqual(['a', 'b', 'c'])
})
