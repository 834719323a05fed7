import { createMockServer, type Turn as Reply, script } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type AgentOptions,
  createAgent,
  type EntryBody,
  memoryStore,
  type Session,
  type SessionStore,
  SessionStoreError,
  type Turn,
} from '../index.ts'

const input = { type: 'object' } as const
const calls = (...names: string[]): Reply => ({ toolCalls: names.map((name, n) => ({ name, id: `${name}_${n}` })) })

/** An agent whose tools write down the keys that they get; `slow` waits until `free` is called. */
async function setUp(turns: Reply[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const made: string[] = []
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  const tool = (name: string, traits: object = {}) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      run: (_, { idempotencyKey }) => void made.push(idempotencyKey),
      ...traits,
    })
  const tools = [
    tool('pay'),
    tool('read', { readOnly: true, run: () => 'what is there' }),
    tool('slow', { independent: true, run: () => freed }),
    defineTool({ name: 'hand', description: 'Is made elsewhere.', input }),
  ]
  // What is sent is compared with the history, which has no marks for a cache.
  const settings = { apiKey: 'key', baseURL: server.url, tools, retry: { maxRetries: 0 }, cache: false, ...options }
  const sent = () =>
    server.requests.map(({ body }) => (body as { messages: { role: string; content: unknown }[] }).messages)
  const make = (more: AgentOptions = {}) => createAgent({ ...settings, ...more })
  return { session: await make().session({ id: 's' }), make, made, sent, free }
}

const asks: AgentOptions['permission'] = ({ name }) =>
  name === 'pay' || name === 'hand' ? { defer: true } : { allow: true }
const asked = (messages: { role: string; content: unknown }[] = []) =>
  messages.filter(({ role, content }) => role === 'user' && typeof content === 'string').map(({ content }) => content)

async function until(turn: Turn, type: string): Promise<void> {
  for await (const event of turn) if (event.type === type) return
}

describe('a prompt that is sent again with its id', () => {
  it('is asked again where nothing had come of it', async () => {
    const { session, sent } = await setUp([{ error: 529 }, 'Done.'])
    await expect(session.send('Go.', { id: 'a' }).final()).rejects.toThrow('Overloaded')
    expect((await session.send('Go.', { id: 'a' }).final()).text).toBe('Done.')
    expect(sent().map(asked)).toEqual([['Go.'], ['Go.']])
  })

  it('is taken up where it failed, and makes no call twice', async () => {
    const { session, made, sent } = await setUp([calls('pay'), { error: 529 }, { error: 529 }, 'Paid.'])
    for (let n = 0; n < 2; n++) await expect(session.send('Pay.', { id: 'a' }).final()).rejects.toThrow('Overloaded')
    expect(session.status).toBe('idle')
    const turn = session.send('Pay.', { id: 'a' })
    expect(await turn.final()).toMatchObject({ status: 'completed', text: 'Paid.', calls: [] })
    expect(await session.send('Pay.', { id: 'a' }).final()).toMatchObject({ text: 'Paid.', calls: [{ name: 'pay' }] })
    expect([made, sent().length, asked(sent().at(-1))]).toEqual([['s/2/pay_0'], 4, ['Pay.']])
  })

  it('is a new one where others were asked since it failed', async () => {
    const { session, sent } = await setUp([calls('read'), { error: 529 }, 'Two.', 'Three.'])
    await expect(session.send('One?', { id: 'a' }).final()).rejects.toThrow('Overloaded')
    await session.send('Two?').final()
    expect((await session.send('One?', { id: 'a' }).final()).text).toBe('Three.')
    expect(asked(sent().at(-1))).toEqual(['One?', 'Two?', 'One?'])
  })

  it('is one prompt, whichever is read first, also before it is in the journal', async () => {
    const { session, sent } = await setUp(['Done.', 'Never.'])
    const turns = [1, 2, 3].map(() => session.send('Go.', { id: 'a' }))
    const [second, third] = await Promise.all([turns[1]!.final(), turns[2]!.final()])
    expect([second.text, third.text, (await turns[0]!.final()).text]).toEqual(['Done.', 'Done.', 'Done.'])
    expect(sent()).toHaveLength(1)
  })
})

describe('a prompt that is sent while a turn is under way', () => {
  it('goes behind the results of calls that somebody has still to decide about', async () => {
    const { session, sent, free } = await setUp([calls('pay', 'slow'), 'Done.'], { permission: asks })
    const turn = session.send('Pay.')
    await until(turn, 'waiting')
    expect(session.send('Hurry.', { when: 'now', id: 'b' })).toBe(turn)
    expect(session.send('Hurry.', { when: 'now', id: 'b' })).toBe(turn)
    free()
    const { pending } = await turn.final()
    expect(session.status).toBe('waiting')
    await (await session.decide(pending[0]!.id, { allow: true }))!.final()
    const last = sent().at(-1)!
    expect(last.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'user'])
    expect(last.at(-1)!.content).toBe('Hurry.')
    expect(session.messages.slice(0, -1)).toEqual(last)
  })

  it('is asked after it where it comes too late for it', async () => {
    const { session } = await setUp(['One.', 'Two.'])
    const first = session.send('One?')
    let second: Turn | undefined
    for await (const event of first) if (event.type === 'turn_end') second = session.send('Two?', { when: 'now' })
    expect((await second!.final()).text).toBe('Two.')
    expect((await first.final()).text).toBe('One.')
  })
})

describe('a decision', () => {
  it('is made once, however often it is said', async () => {
    const { session, made } = await setUp([calls('pay'), 'Done.', 'Never.'], { permission: asks })
    const [{ id }] = (await session.send('Pay.').final()).pending as unknown as [{ id: string }]
    const said = await Promise.allSettled([
      session.decide(id, { allow: true }),
      session.decide(id, { allow: false }),
      session.decide(id, { allow: true }),
    ])
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    const [turn, again] = [session.continue()!, session.continue()!]
    expect((await turn.final()).text).toBe('Done.')
    expect(await again.final()).toMatchObject({ status: 'completed', text: 'Done.' })
    expect(made).toEqual(['s/2/pay_0'])
  })

  it('is taken up by the turn that is under way, or by the one that it gives', async () => {
    for (const at of ['waiting', 'turn_end']) {
      const { session, made, free } = await setUp([calls('pay', 'slow'), 'Done.'], { permission: asks })
      const first = session.send('Pay.')
      let next: Turn | undefined
      for await (const event of first) {
        if (event.type === at) next = await session.decide(session.pending[0]!.id, { allow: true })
        free()
      }
      const result = await (next ?? first).final()
      expect([at, result.text, made]).toEqual([at, 'Done.', ['s/2/pay_0']])
    }
  })

  it('that allows what somebody else makes lets it wait for what comes of that', async () => {
    const { session, sent } = await setUp([calls('hand'), 'Done.'], { permission: asks })
    const { pending } = await session.send('Go.').final()
    expect(pending).toMatchObject([{ kind: 'approval' }])
    const next = await (await session.decide(pending[0]!.id, { allow: true }))!.final()
    expect(next).toMatchObject({ status: 'waiting', pending: [{ kind: 'client_tool' }] })
    await (await session.decide(pending[0]!.id, { content: 'made' }))!.final()
    expect(sent().at(-1)!.at(-1)).toMatchObject({ content: [{ content: 'made' }] })
  })
})

/** A memory that is full from the entry of a type on, while `full` says so. */
function fullDisk(from: string) {
  const store = memoryStore()
  const disk = { full: false }
  let begun = false
  const open: SessionStore['open'] = async (id, options) => {
    const lease = await store.open(id, options)
    const append = async (entries: readonly EntryBody[]) => {
      begun ||= entries.some(({ type }) => type === from)
      if (disk.full && begun) throw new SessionStoreError('The disk is full.')
      return lease.append(entries)
    }
    return { append, lost: lease.lost, release: () => lease.release() }
  }
  return { disk, store: { ...store, open } as SessionStore }
}

describe('a disk that is full in the middle of a turn', () => {
  const turns = [calls('pay', 'pay'), 'Paid.', 'And on.', 'On.']

  it.each(['prompt', 'reply', 'intent', 'result', 'turn'])(
    'from its first %s on fails the turn, and the session goes on when there is room',
    async (from) => {
      const { disk, store } = fullDisk(from)
      const { session, made, make } = await setUp(turns, { store })
      disk.full = true
      await expect(session.send('Pay.').final()).rejects.toThrow(SessionStoreError)
      disk.full = false
      const before = [...made]
      expect((await session.send('And now?').final()).status).toBe('completed')
      if (from !== 'prompt') expect(made).toEqual(before)
      const messages = [...session.messages]
      await session.close()
      const again: Session = await make().session({ id: 's', resume: true })
      expect(again.messages).toEqual(messages)
      expect((await again.send('Go on.').final()).status).toBe('completed')
      expect(new Set(made).size).toBe(made.length)
    },
  )

  it('takes the turn up where its prompt is sent again, and makes no call twice', async () => {
    const { disk, store } = fullDisk('result')
    const { session, made } = await setUp(turns, { store })
    disk.full = true
    await expect(session.send('Pay.', { id: 'a' }).final()).rejects.toThrow(SessionStoreError)
    disk.full = false
    expect((await session.send('Pay.', { id: 'a' }).final()).text).toBe('Paid.')
    expect(new Set(made).size).toBe(made.length)
    expect(made[0]).toBe('s/2/pay_0')
  })
})
