import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, type MessageParams } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type AgentEvent, type AgentOptions, createAgent, memoryStore, type Turn as SessionTurn } from '../index.ts'

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  readOnly: true,
  run: () => 'It is there.',
})

/** Agents on one store and one API, as processes that come one after the other. */
async function setUp(turns: Turn[]) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const store = memoryStore()
  const agent = (options: AgentOptions = {}) =>
    createAgent({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 }, store, tools: [look], ...options })
  return { server, agent }
}

const bodies = ({ requests }: MockServer) => requests.map(({ body }) => body as MessageParams)

async function eventsOf(turn: SessionTurn): Promise<AgentEvent[]> {
  const events: AgentEvent[] = []
  for await (const event of turn) events.push(event)
  return events
}

describe('an option of createAgent', () => {
  it.each([
    [{ sytem: 'You are.' }, 'createAgent has no option "sytem": did you mean system?'],
    [{ permissions: {} }, 'createAgent has no option "permissions": did you mean permission?'],
    [{ maxTurn: 1 }, 'createAgent has no option "maxTurn": did you mean maxTurns?'],
    [{ metadata: { device: 'd' } }, 'createAgent.metadata has no option "device": did you mean deviceId?'],
  ])('that is misspelt is refused, and the one that was meant is named: %j', (options, message) => {
    expect(() => createAgent({ apiKey: 'key', ...options } as AgentOptions)).toThrow(new ConfigError(message))
  })
})

it('createAgent says what to set where a platform makes no ids', () => {
  vi.stubGlobal('crypto', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  expect(() => createAgent({ apiKey: 'key' })).toThrow(/crypto.*expo-crypto/)
})

describe('what stands before a session\u2019s messages', () => {
  it('is the same in each request, to the byte, also of a process that takes the session up', async () => {
    const { server, agent } = await setUp([{ toolCalls: [{ name: 'look' }] }, 'One.', 'Two.'])
    const options = { metadata: { accountId: 'a' }, appendSystem: 'On {model_id}.', model: 'opus' } as const
    const first = await agent(options).session({ id: 's' })
    await first.send('Look.').final()
    await first.close()
    await using second = await agent(options).session({ id: 's', resume: true })
    const events = await eventsOf(second.send('Again.'))
    expect(events.filter(({ type }) => type === 'cache_break' || type === 'params')).toEqual([])
    const prefixes = bodies(server).map(({ messages, ...rest }) => JSON.stringify(rest))
    expect(new Set(prefixes).size).toBe(1)
    expect(prefixes[0]).toMatch(/On claude-opus-5-5\..*"user_id":"user_[0-9a-f]{64}_account_a_session_s"/)
  })

  it('holds the instructions of its folder as they were when the session began', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'enjamb-context-'))
    onTestFinished(() => rm(cwd, { recursive: true }))
    await writeFile(join(cwd, 'CLAUDE.md'), 'Be brief.')
    const { server, agent } = await setUp(['One.', 'Two.'])
    const first = await agent({ cwd, instructions: true }).session({ id: 's' })
    await first.send('Hi.').final()
    await first.close()
    await writeFile(join(cwd, 'CLAUDE.md'), 'Be long.')
    await using second = await agent({ cwd, instructions: true }).session({ id: 's', resume: true })
    await second.send('Ho.').final()
    const systems = bodies(server).map(({ system }) => JSON.stringify(system))
    expect(systems[0]).toContain('Be brief.')
    expect(systems[1]).toBe(systems[0])
  })

  it('may change from one process to the next, which is a fact, and an event says what the cache misses', async () => {
    const { agent } = await setUp(['One.', 'Two.', 'Three.'])
    const first = await agent({ system: 'You are one.' }).session({ id: 's' })
    await first.send('Hi.').final()
    await first.close()
    await using second = await agent({ system: 'You are another.' }).session({ id: 's', resume: true })
    const events = await eventsOf(second.send('Ho.'))
    expect(events.filter(({ type }) => type === 'cache_break')).toMatchObject([{ block: 'system[0]' }])
    expect((await eventsOf(second.send('Hu.'))).map(({ type }) => type)).not.toContain('cache_break')
  })
})

describe('a session\u2019s requests', () => {
  it('read all of the one before from the cache, also of another process', async () => {
    const { server, agent } = await setUp([{ toolCalls: [{ name: 'look' }] }, 'One.', 'Two.'])
    const options = { system: 'You are one of many. '.repeat(500) }
    const first = await agent(options).session({ id: 's' })
    await first.send('Look.').final()
    await first.close()
    await using second = await agent(options).session({ id: 's', resume: true })
    await second.send('Again.').final()
    const read = server.ledger.entries.map(({ usage }) => usage.cache_read_input_tokens)
    expect(read[0]).toBe(0)
    expect(read[1]).toBeGreaterThan(2_500)
    expect(read[2]).toBeGreaterThan(read[1]!)
  })

  it('have no mark where caching is off', async () => {
    const { server, agent } = await setUp(['One.'])
    await using session = await agent({ cache: false }).session()
    await session.send('Hi.').final()
    expect(JSON.stringify(bodies(server))).not.toContain('cache_control')
    expect(session.messages[0]).toEqual({ role: 'user', content: 'Hi.' })
  })

  it('hold no more pictures than the model takes, and begin alike from one step to the next, as the history is whole', async () => {
    const { server, agent } = await setUp([])
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
    const image = {
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: 'image/png' as const, data },
    }
    const ask = (count: number) => [...Array(count).fill(image), { type: 'text' as const, text: 'Look.' }]
    // So many pictures fill its window, too.
    const options = { model: 'claude-haiku-4-5', thinking: true, compaction: false } as const
    const first = await agent(options).session({ id: 's' })
    const breaks: unknown[] = []
    for (const count of [60, 40, 3, 3]) {
      breaks.push((await eventsOf(first.send(ask(count)))).filter(({ type }) => type === 'cache_break').length)
    }
    await first.close()
    await using second = await agent(options).session({ id: 's', resume: true })
    for (const count of [3, 30]) {
      breaks.push((await eventsOf(second.send(ask(count)))).filter(({ type }) => type === 'cache_break').length)
    }
    const images = bodies(server).map((body) => JSON.stringify(body).match(/"image"/g)!.length)
    expect(images).toEqual([60, 100, 78, 81, 84, 89])
    expect(breaks).toEqual([0, 0, 1, 0, 0, 1])
    expect(JSON.stringify(second.messages).match(/"image"/g)).toHaveLength(139)
  })
})
