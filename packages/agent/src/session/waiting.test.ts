import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, type MessageParam, type ToolResultBlockParam } from '@enjamb/core'
import { createMockServer, type MockServer, type Turn as ScriptedTurn, script } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent, memoryStore, type SessionStore, type Turn } from '../index.ts'
import { fileStore } from '../node/index.ts'

const input = { type: 'object', properties: { to: { type: 'string' } } } as const
const asks: ScriptedTurn = { text: 'I pay.', toolCalls: [{ name: 'pay', input: { to: 'Ann' } }, { name: 'look' }] }

/** Two agents on one folder, as of two processes, and what their tools did. */
async function setUp(turns: ScriptedTurn[], options: AgentOptions = {}) {
  const server: MockServer = await createMockServer({ script: script(turns) })
  const folder = await mkdtemp(join(tmpdir(), 'enjamb-waiting-'))
  onTestFinished(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const done: string[] = []
  const tool = (name: string) =>
    defineTool({ name, description: 'Works.', input, run: ({ to }) => void done.push(`${name} ${to}`) })
  const make = () =>
    createAgent({
      apiKey: 'key',
      baseURL: server.url,
      tools: [tool('pay'), tool('look')],
      permission: ({ name }) => (name === 'pay' ? { defer: true, data: { sum: 7 } } : { allow: true }),
      store: fileStore(folder),
      retry: { maxRetries: 0 },
      ...options,
    })
  return { server, make, done }
}

const sent = (server: MockServer) => (server.requests.at(-1)!.body as { messages: MessageParam[] }).messages

describe('an approval', () => {
  it('does not die with its process: the call runs in another one, once, with what was shown', async () => {
    const { server, make, done } = await setUp([asks, 'Paid.'])
    const first = await make().session({ id: 's' })
    const result = await first.send('Pay Ann.').final()
    expect(result).toMatchObject({
      status: 'waiting',
      text: 'I pay.',
      pending: [{ name: 'pay', input: { to: 'Ann' } }],
    })
    expect([first.status, done]).toEqual(['waiting', ['look undefined']])
    await first.close()

    const second = await make().session({ id: 's', resume: true })
    expect(second.status).toBe('waiting')
    const [{ id, hash, kind, data }] = second.pending as [(typeof second.pending)[0]]
    expect([kind, data]).toEqual(['approval', { sum: 7 }])
    const turn = await second.decide(id, { allow: true, hash })
    expect((await turn!.final()).text).toBe('Paid.')
    expect(done).toEqual(['look undefined', 'pay Ann'])
    expect(sent(server).at(-1)).toMatchObject({ content: [{ type: 'tool_result' }, { type: 'tool_result' }] })
    expect(second.status).toBe('idle')
    await second.close()
  })

  it('may be refused, and the model is told why', async () => {
    const { server, make, done } = await setUp([asks, 'Then not.'])
    const session = await make().session()
    const { pending } = await session.send('Pay Ann.').final()
    const turn = await session.decide(pending[0]!.id, { allow: false, reason: 'Ann is paid' })
    expect((await turn!.final()).text).toBe('Then not.')
    expect(done).toEqual(['look undefined'])
    expect(JSON.stringify(sent(server).at(-1))).toContain('Ann is paid')
  })

  it('is for the call that was shown, and for one that waits', async () => {
    const { make } = await setUp([asks, 'Then not.'])
    const session = await make().session()
    const { pending } = await session.send('Pay Ann.').final()
    const [{ id }] = pending as [(typeof pending)[0]]
    await expect(session.decide('toolu_0', { allow: true })).rejects.toThrow(`what waits: ${id} (pay).`)
    await expect(session.decide(id, { allow: true, hash: 'sha256-0' })).rejects.toThrow('show it again')
    await expect(session.decide(id, { content: 'paid' })).rejects.toThrow('give allow')
    expect(() => session.send('And?')).toThrow(ConfigError)
    expect((await session.send('Never mind.', { when: 'now' }).final()).text).toBe('Then not.')
    await expect(session.decide(id, { allow: true })).rejects.toThrow('what waits: nothing')
  })
})

it('a prompt that comes now, when the turn has just ended, is one of its own', async () => {
  let onEnd = () => {}
  const store = memoryStore()
  const open: SessionStore['open'] = async (...given) => {
    const { append, ...lease } = await store.open(...given)
    return {
      ...lease,
      append(entries) {
        if (entries.some(({ type }) => type === 'turn')) onEnd()
        return append(entries)
      },
    }
  }
  const { make, server } = await setUp(['One.', 'Two.'], { store: { ...store, open } })
  const session = await make().session()
  let second: Turn | undefined
  onEnd = () => {
    second ??= session.send('Second', { when: 'now' })
  }
  expect((await session.send('First').final()).text).toBe('One.')
  expect((await second!.final()).text).toBe('Two.')
  expect(server.requests).toHaveLength(2)
})

it('a prompt that is handed to a turn that then has to wait comes after the results', async () => {
  const { make, server } = await setUp([{ ...asks, eventDelayMs: 5 }, 'Both.'])
  const session = await make().session()
  const turn = session.send('Pay Ann.')
  for await (const event of turn) {
    if (event.type === 'tool_call' && event.name === 'pay') session.send('And thank her.', { when: 'now' })
  }
  const { pending } = await turn.final()
  const next = await session.decide(pending[0]!.id, { allow: true })
  expect((await next!.final()).text).toBe('Both.')
  expect(sent(server).slice(-2)).toMatchObject([{ content: [{}, {}] }, { content: [{ text: 'And thank her.' }] }])
})

it('what was answered beside a call that waits is told once, and written down once', async () => {
  const { make } = await setUp([asks, 'Paid.'])
  const session = await make().session()
  const { pending } = await session.send('Pay Ann.').final()
  await (await session.decide(pending[0]!.id, { allow: true }))!.final()
  const results: string[] = []
  for await (const entry of session.entries()) if (entry.type === 'result') results.push(entry.id)
  expect(new Set(results).size).toBe(results.length)
  expect(results).toHaveLength(2)
})

it('what was done beside a call that waits, and what was decided about it, stand where the turn is then ended at once', async () => {
  for (const [allow, said] of [
    [false, 'Ann is paid'],
    [true, 'Interrupted before it started'],
  ] as const) {
    const { make, done } = await setUp([asks, 'Well.'])
    const session = await make().session()
    const { pending } = await session.send('Pay Ann.').final()
    const signal = AbortSignal.abort('enough')
    const turn = await session.decide(pending[0]!.id, { allow, reason: 'Ann is paid' }, { signal })
    const { status, calls } = await turn!.final()
    expect([status, done]).toEqual(['interrupted', ['look undefined']])
    expect(calls).toMatchObject([{ isError: true, result: expect.stringContaining(said) }, { isError: false }])
    const [pay, look] = session.messages.at(-1)!.content as ToolResultBlockParam[]
    expect([pay!.is_error, look!.is_error]).toEqual([true, undefined])
    expect(pay!.content).toContain(said)
  }
})

it('a call that was stopped just as it was to wait is not written down as one that waits', async () => {
  let stop = () => {}
  const permission = () => {
    stop()
    return { defer: true } as const
  }
  const { make } = await setUp([asks, 'Well.'], { permission })
  const session = await make().session()
  stop = () => void session.interrupt('enough')
  expect((await session.send('Pay Ann.').final()).status).toBe('interrupted')
  expect((await session.send('Well?').final()).status).toBe('completed')
  const types: string[] = []
  for await (const { type } of session.entries()) types.push(type)
  expect(types).not.toContain('pending')
})
