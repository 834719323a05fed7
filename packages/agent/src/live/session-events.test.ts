import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ConfigError } from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { factsOf, hasShown, isEnd, readUntil as readEvents, textOf, wrongPieces } from '../../test/read-events.ts'
import {
  type Agent,
  type AgentOptions,
  createAgent,
  type EntryBody,
  memoryStore,
  type SessionEvent,
  type SessionStore,
  SessionStoreError,
} from '../index.ts'
import { fileStore } from '../node/index.ts'

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object', properties: { at: { type: 'string' } } },
  readOnly: true,
  run: ({ at }) => `seen: ${at}`,
})
const words = 'One word runs on and on across the line, and then another one. '

async function setUp(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const settings = { apiKey: 'key', baseURL: server.url, tools: [look], retry: { maxRetries: 0 }, ...options }
  return { server, agent: createAgent(settings), settings }
}

/** Reads until an event, which is the last. */
const readUntil = (agent: Agent, isLast: (event: SessionEvent, n: number) => boolean, after?: string | number) =>
  readEvents(agent.events('s', { after }), isLast)

const bare = (events: SessionEvent[]) => events.map(({ position: _, ...event }) => event)
const calls: Turn = { text: `I look. ${words}`, toolCalls: [{ name: 'look', input: { at: 'it' } }], eventDelayMs: 1 }
/** One that has shown all its text, and does not end. */
const stalled = { text: words, stallAfterEvents: -3 }
const answer: Turn = { text: words, eventDelayMs: 1 }

describe('the events of a session', () => {
  it('are those of its turns, as they come, and the same facts for whoever comes later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'enjamb-events-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const { agent } = await setUp([calls, answer], { store: fileStore(folder) })
    await using session = await agent.session({ id: 's' })
    await session.note('here')
    const joined = readUntil(agent, ({ type }) => type === 'note')
    const live = readUntil(agent, isEnd)
    await joined
    const told = []
    for await (const event of session.send('Go.')) told.push(event)
    expect(bare(await live).slice(1)).toEqual(told)
    expect(told.filter(({ type }) => type === 'text').length).toBeGreaterThan(5)
    const later = await readUntil(agent, isEnd)
    expect(bare(later).slice(1)).toEqual(told.filter(({ seq }) => seq !== undefined))
    expect(later.map(({ position }) => position)).toEqual(later.map(({ seq }) => String(seq)))
  })

  it('go on behind any of them, in the middle of a reply too: nothing is missed, and nothing told twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 12 }), async (cuts) => {
        const { agent, server } = await setUp([calls, answer])
        const session = await agent.session({ id: 's' })
        const whole = readUntil(agent, isEnd)
        const turn = session.send('Go.').final()
        const events: SessionEvent[] = []
        // Leaves after so many events, and is away for so many steps.
        for (let n = 0; !events.some(isEnd); n++) {
          const cut = cuts[n % cuts.length]!
          events.push(...(await readUntil(agent, (event, n) => isEnd(event) || n > cut, events.at(-1)?.position)))
          for (let step = 0; step < cut; step++) await setImmediate()
        }
        expect(factsOf(events)).toEqual(factsOf(await whole))
        expect(wrongPieces(events)).toEqual([])
        await turn
        await server.close()
      }),
      { numRuns: 30 },
    )
  })

  it('are, for whoever joins in the middle of a reply, what was shown of it, then the rest', async () => {
    const { agent } = await setUp([{ ...stalled, thinking: 'Hm, hm, hm.' }], { thinking: true })
    const session = await agent.session({ id: 's' })
    const turn = session.send('Go.').final()
    await readUntil(agent, hasShown(words))
    const late = await readUntil(agent, hasShown(words))
    expect(late.map(({ type }) => type)).toEqual(['prompt', 'thinking', 'text'])
    await session.interrupt()
    const [first] = await readUntil(agent, isEnd, late.at(-1)!.position)
    expect(first).toMatchObject({ type: 'part', why: 'interrupted' })
    await turn
  })

  it('show the input of a call while it is written, also to whoever joins in the middle of it', async () => {
    const input = { at: words }
    // Its last piece, and what follows, do not come.
    const { agent } = await setUp([{ toolCalls: [{ name: 'look', input }], thinking: false, stallAfterEvents: -4 }])
    const session = await agent.session({ id: 's' })
    const turn = session.send('Go.').final()
    const jsonOf = (events: SessionEvent[]) =>
      events.map((event) => (event.type === 'tool_input' ? event.json : '')).join('')
    const read = (length: number, after?: string) => {
      let shown = 0
      const isLast = (event: SessionEvent) => {
        if (event.type === 'tool_input') shown += event.json.length
        return shown >= length
      }
      return readUntil(agent, isLast, after)
    }
    const events = await read(30)
    expect(events.slice(0, 2)).toMatchObject([{ type: 'prompt' }, { type: 'tool_input', name: 'look', json: '' }])
    expect(JSON.stringify(input)).toMatch(jsonOf(events))
    const late = await read(30)
    expect(late.map(({ type }) => type)).toEqual(['prompt', 'tool_input'])
    const more = await read(1, events.at(-1)!.position)
    expect(JSON.stringify(input)).toMatch(jsonOf(events) + jsonOf(more))
    await session.interrupt()
    await turn
  })

  it('come to a reader that is slow in fewer pieces, with every fact, and wait for nobody', async () => {
    const many = words.repeat(600)
    const { agent } = await setUp([{ ...stalled, text: many }])
    const session = await agent.session({ id: 's' })
    const slow = agent.events('s')[Symbol.asyncIterator]()
    const first = slow.next()
    const turn = session.send('Go.').final()
    const fast = await readUntil(agent, hasShown(many))
    expect(fast.length).toBeGreaterThan(2_000)
    const events = [(await first).value as SessionEvent]
    while (textOf(events).length < many.length) events.push((await slow.next()).value as SessionEvent)
    expect(textOf(events)).toBe(many)
    expect(events.length).toBeLessThan(1_100)
    await session.interrupt()
    while (!events.some(isEnd)) events.push((await slow.next()).value as SessionEvent)
    expect(factsOf(events)).toEqual(factsOf(await readUntil(agent, isEnd)))
    await slow.return?.()
    await turn
  })

  it('are the same for a hundred readers', async () => {
    const { agent } = await setUp([calls, answer])
    const session = await agent.session({ id: 's' })
    await session.note('here')
    const joined = readUntil(agent, ({ type }) => type === 'note')
    const readers = Array.from({ length: 100 }, () => readUntil(agent, isEnd))
    await joined
    await session.send('Go.').final()
    const [first, ...others] = await Promise.all(readers)
    expect(wrongPieces(first!)).toEqual([])
    for (const events of others) expect(events).toEqual(first)
  })

  it('name the call of a result, also where that stands before the place to go on from', async () => {
    const { agent } = await setUp([calls, answer])
    const session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    const all = await readUntil(agent, isEnd)
    const result = all.find(({ type }) => type === 'tool_result')!
    expect(result).toMatchObject({ name: 'look', input: { at: 'it' }, result: 'seen: it' })
    expect(await readUntil(agent, () => true, result.seq! - 1)).toEqual([result])
  })

  it('look for that call near the result first, so that a long journal is not read for each reader that comes back', async () => {
    const store = memoryStore()
    const { agent } = await setUp([calls, answer], { store })
    const session = await agent.session({ id: 's' })
    for (let n = 0; n < 50; n++) await session.note('n')
    await session.send('Go.').final()
    const { seq } = (await readUntil(agent, ({ type }) => type === 'tool_result')).at(-1)!
    const places: (number | undefined)[] = []
    const read: SessionStore['read'] = (id, after) => {
      places.push(after)
      return store.read(id, after)
    }
    const other = createAgent({ apiKey: 'key', store: { ...store, read } })
    expect(await readUntil(other, () => true, seq! - 1)).toMatchObject([{ seq, name: 'look', input: { at: 'it' } }])
    expect(places).toEqual([seq! - 1, seq! - 20])
  })

  it('begin anew with a reply that the end of its process has cut off', async () => {
    const { agent, settings } = await setUp([stalled, stalled])
    const session = await agent.session({ id: 's' })
    const turn = session.send('Go.', { id: 'p' }).final()
    const before = await readUntil(agent, ({ type }) => type === 'text')
    // What a process leaves that ends here.
    const store = memoryStore()
    const lease = await store.open('s', { create: true })
    for await (const { v: _, seq: __, at: ___, ...body } of session.entries()) await lease.append([body as EntryBody])
    await lease.release()
    await session.interrupt()
    await turn
    const other = createAgent({ ...settings, store })
    const next = await other.session({ id: 's', resume: true })
    const again = next.send('Go.', { id: 'p' }).final()
    const events = await readUntil(other, hasShown(words), before.at(-1)!.position)
    expect(events.map(({ type }) => type)).not.toContain('prompt')
    await next.interrupt()
    await again
  })

  it('end with their signal or when their reader leaves, also where nothing comes', async () => {
    const { agent } = await setUp([answer])
    await using session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    const controller = new AbortController()
    const seen: string[] = []
    const end = async () => {
      for await (const { type } of agent.events('s', { signal: controller.signal })) seen.push(type)
    }
    const ended = end()
    const events = agent.events('s', { after: 99 })[Symbol.asyncIterator]()
    const next = events.next()
    await events.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    controller.abort()
    await ended
    expect(seen.length).toBeLessThanOrEqual(3)
    for await (const _ of agent.events('s', { signal: AbortSignal.abort() })) expect.fail('it was aborted before')
  })

  it('need a session and a place that there is', async () => {
    const { agent } = await setUp([])
    const read = (id: string, after?: string) => agent.events(id, { after })[Symbol.asyncIterator]().next()
    await expect(read('s')).rejects.toMatchObject({ code: 'session_not_found' })
    await expect(read('../s')).rejects.toThrow(ConfigError)
    for (const after of ['x', '-1', '1.5', '1.a', '']) await expect(read('s', after)).rejects.toThrow(ConfigError)
  })
})

it('the events end with what kept the end of a turn out of the journal: nobody waits for it', async () => {
  const store = memoryStore()
  let isFull = false
  const full: SessionStore = {
    ...store,
    async open(...args) {
      const lease = await store.open(...args)
      const append: typeof lease.append = (entries) =>
        isFull ? Promise.reject(new SessionStoreError('The disk is full.')) : lease.append(entries)
      return { ...lease, append }
    },
  }
  const { agent, settings } = await setUp([stalled, 'Done.'], { store: full })
  const session = await agent.session({ id: 's' })
  const turn = session.send('Go.', { id: 'p' }).final()
  const events = readUntil(agent, (event) => {
    if (event.type === 'text') isFull = true
    if (isFull) void session.interrupt()
    return false
  })
  await expect(events).rejects.toThrow('The disk is full.')
  await expect(turn).rejects.toThrow('The disk is full.')
  isFull = false
  await session.send('Go.', { id: 'p' }).final()
  expect((await readUntil(createAgent(settings), isEnd)).map(({ type }) => type)).toContain('reply')
})

describe('of a session that somebody else writes, the events', () => {
  it('are its facts, in turn with those of this process, from a store that tells of them or does not', async () => {
    for (const follow of [true, false]) {
      const store = memoryStore()
      const { follow: _, ...silent } = store
      const { agent, settings } = await setUp([answer, answer, answer], { store })
      const other = createAgent({ ...settings, store: follow ? store : silent })
      let ends = 0
      const first = await agent.session({ id: 's' })
      const events = readUntil(other, (event) => isEnd(event) && ++ends === 3)
      await first.send('One.').final()
      await first.close()
      const second = await other.session({ id: 's', resume: true })
      await second.send('Two.').final()
      await second.close()
      const third = await agent.session({ id: 's', resume: true })
      await third.send('Three.').final()
      await third.close()
      const all = await events
      ends = 0
      expect(factsOf(all)).toEqual(factsOf(await readUntil(other, (event) => isEnd(event) && ++ends === 3)))
      expect(wrongPieces(all)).toEqual([])
    }
  })

  it('end with an error where the session is deleted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'enjamb-events-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const store = fileStore(folder)
    const { agent } = await setUp([answer], { store })
    const session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    await session.close()
    const reading = readUntil(agent, (event) => {
      if (isEnd(event)) void store.delete!('s')
      return false
    })
    await expect(reading).rejects.toMatchObject({ code: 'session_not_found' })
  })
})
