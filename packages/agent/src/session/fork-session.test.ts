import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent, type Entry, importSession, memoryStore } from '../index.ts'

async function agentOf(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  return { server, agent: createAgent({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 }, ...options }) }
}

it('a fork goes on from there by itself, and reads what the other has cached', async () => {
  const { agent, server } = await agentOf(['One.', 'Two.', 'Other two.', 'Three.'], { system: 'x '.repeat(6_000) })
  const session = await agent.session({ id: 'one', title: 'One' })
  await session.send('1').final()
  const history = session.messages
  await session.send('2').final()
  const at = await lastTurn(session.entries(), 1)
  const fork = await session.fork({ at, id: 'two' })
  expect([fork.id, fork.title, fork.status]).toEqual(['two', 'One', 'idle'])
  expect(fork.messages).toEqual(history)
  const events: string[] = []
  const turn = fork.send('another 2')
  for await (const { type } of turn) events.push(type)
  const result = await turn.final()
  expect(result.text).toBe('Other two.')
  expect(result.usage?.cache_read_input_tokens).toBeGreaterThan(2_500)
  expect(events).not.toContain('cache_break')
  await session.send('3').final()
  expect([session.messages.length, fork.messages.length]).toEqual([6, 4])
  const [, , third, fourth] = server.requests.map(({ body }) =>
    JSON.stringify((body as { messages: unknown }).messages),
  )
  expect(third).not.toContain('Two.')
  expect(fourth).not.toContain('another 2')
  const listed: unknown[] = []
  for await (const { id, parent } of agent.store.list!({ parent: 'one' })) listed.push({ id, parent })
  expect(listed).toEqual([{ id: 'two', parent: { id: 'one', seq: at } }])
})

it('a fork is made while a turn is under way, from before it, and not of an id that is taken', async () => {
  const { agent } = await agentOf(['One.', { toolCalls: [{ name: 'ask', input: {} }] }], {
    tools: [defineTool({ name: 'ask', description: 'Asks.', input: { type: 'object' } })],
  })
  const session = await agent.session()
  await session.send('1').final()
  expect((await session.send('2').final()).status).toBe('waiting')
  const fork = await session.fork()
  // The call that waits is made in one of them only.
  expect([fork.messages.length, fork.pending, session.pending.length]).toEqual([2, [], 1])
  const seq = await lastTurn(session.entries(), 2)
  await expect(session.fork({ at: seq })).rejects.toMatchObject({ code: 'turn_boundary' })
  await fork.close()
  await expect(session.fork({ id: fork.id })).rejects.toMatchObject({ code: 'config' })
  const again = await agent.session({ id: fork.id, resume: true })
  expect(again.messages).toHaveLength(2)
})

it('a session goes on in another store, on another machine, with the call that waited there', async () => {
  const made: unknown[] = []
  const pay = defineTool({
    name: 'pay',
    description: 'Pays.',
    input: { type: 'object' },
    run: (input, { idempotencyKey }) => void made.push(input, idempotencyKey),
  })
  const turns: Turn[] = [{ toolCalls: [{ name: 'pay', id: 'toolu_1', input: { sum: 5 } }] }, 'Paid.']
  const { agent } = await agentOf(turns, { tools: [pay], permission: () => ({ defer: true }) })
  const session = await agent.session({ id: 's' })
  await session.send('Pay.').final()
  const store = memoryStore()
  await importSession(store, await session.export())
  await session.close()
  const { agent: other } = await agentOf(['Paid.'], { tools: [pay], permission: () => ({ defer: true }), store })
  const there = await other.session({ id: 's', resume: true })
  expect([there.status, there.messages]).toEqual(['waiting', session.messages])
  const turn = await there.decide('toolu_1', { allow: true })
  expect((await turn!.final()).text).toBe('Paid.')
  expect(made).toEqual([{ sum: 5 }, expect.stringMatching(/^s\/.*toolu_1$/)])
})

it('a call that a journal calls repeatable is not made again where its tool is not', async () => {
  let made = 0
  const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run: () => void made++ })
  const { agent } = await agentOf([{ toolCalls: [{ name: 'pay', id: 'toolu_1', input: {} }] }, 'Done.'], {
    tools: [pay],
    permission: () => ({ defer: true }),
  })
  const session = await agent.session({ id: 's' })
  await session.send('Pay.').final()
  const { call } = (await collect(session.entries())).find((entry) => entry.type === 'pending')!
  await session.close()
  const lease = await agent.store.open('s')
  await lease.append([
    { type: 'decision', id: call.id, allow: true },
    { type: 'intent', call, key: 'k', readOnly: true, idempotent: true },
  ])
  await lease.release()
  const again = await agent.session({ id: 's', resume: true })
  expect((await again.continue()!.final()).text).toBe('Done.')
  expect(made).toBe(0)
})

async function collect(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}

/** The place where a turn ended, the first being 1. */
async function lastTurn(entries: AsyncIterable<Entry>, number: number): Promise<number> {
  let ended = 0
  for await (const { type, seq } of entries) if (type === 'turn' && ++ended === number) return seq
  return expect.fail('there is no such turn')
}
