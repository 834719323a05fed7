import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAgent, type EntryBody, memoryStore, resumeTurn } from '../index.ts'

const input = { type: 'object' } as const

/** A session whose journal ends after `last`, as if its process had ended there, opened again. */
async function cutAfter(last: (entry: EntryBody, n: number) => boolean, turns: Turn[]) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const made: string[] = []
  const tool = (name: string, idempotent: boolean) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      idempotent,
      run: (_, { idempotencyKey }) => void made.push(idempotencyKey),
    })
  const options = { apiKey: 'key', baseURL: server.url, tools: [tool('pay', false), tool('set', true)] }
  const whole = createAgent(options)
  const first = await whole.session({ id: 's' })
  await first.send('Go.', { id: 'p' }).final()
  const store = memoryStore()
  const lease = await store.open('s', { create: true })
  let n = 0
  let isOver = false
  for await (const { v: _, seq: __, at: ___, ...entry } of first.entries()) {
    await lease.append([entry as EntryBody])
    isOver = entry.type === 'turn'
    if (last(entry as EntryBody, n++)) break
  }
  await lease.release()
  made.length = 0
  const before = server.requests.length
  const agent = createAgent({ ...options, store })
  const session = await agent.session({ id: 's', resume: true })
  expect(session.status).toBe(isOver ? 'idle' : 'interrupted')
  return { session, agent, made, server, requests: () => server.requests.length - before }
}

it('what lacks nothing but its end gets it without a request', async () => {
  const { session, requests } = await cutAfter(({ type }) => type === 'reply', ['Done.'])
  expect(await session.continue()?.final()).toMatchObject({ status: 'completed' })
  expect([requests(), session.status]).toEqual([0, 'idle'])
  expect(session.continue()).toBeUndefined()
})

it('a prompt that had no answer is asked, once, also where it is sent again with its id', async () => {
  const { session, requests } = await cutAfter(({ type }) => type === 'prompt', ['Lost.', 'Done.'])
  expect((await session.send('Go.', { id: 'p' }).final()).text).toBe('Done.')
  expect((await session.send('Go.', { id: 'p' }).final()).text).toBe('Done.')
  expect([requests(), session.messages.length]).toEqual([1, 2])
})

it('of calls that had begun, an idempotent one is made again with its key, and any other reported', async () => {
  const calls = {
    toolCalls: [
      { name: 'pay', id: 'a' },
      { name: 'set', id: 'b' },
      { name: 'pay', id: 'c' },
    ],
  }
  for (const [name, made] of [
    ['pay', ['s/2/b', 's/2/c']],
    ['set', ['s/2/b', 's/2/c']],
  ] as const) {
    const begins = (entry: EntryBody) => entry.type === 'intent' && entry.call.name === name
    const { session, made: again, server } = await cutAfter(begins, [calls, 'Lost.', 'Done.'])
    expect((await session.continue()!.final()).text).toBe('Done.')
    expect(again).toEqual(made)
    const { messages } = server.requests.at(-1)!.body as { messages: { content: object[] }[] }
    expect(messages.at(-1)!.content[0]).toMatchObject(name === 'pay' ? { is_error: true } : { tool_use_id: 'a' })
    expect(JSON.stringify(messages.at(-1)).includes('may have had effects')).toBe(name === 'pay')
  }
})

it('of calls that had begun, nobody says that they had not, where their turn is ended before it goes on', async () => {
  const calls = {
    toolCalls: [
      { name: 'pay', id: 'a' },
      { name: 'set', id: 'b' },
    ],
  }
  const begins = (entry: EntryBody) => entry.type === 'intent' && entry.call.name === 'pay'
  const { session, made } = await cutAfter(begins, [calls])
  expect(await session.continue({ signal: AbortSignal.abort() })!.final()).toMatchObject({ status: 'interrupted' })
  expect(made).toEqual([])
  expect(session.messages.at(-1)!.content).toMatchObject([
    { content: expect.stringContaining('may have had effects') },
    { content: expect.stringContaining('nothing was run') },
  ])
})

it('a new prompt comes after the results that were owed', async () => {
  const calls = { toolCalls: [{ name: 'pay', id: 'a' }] }
  const { session, server } = await cutAfter(({ type }) => type === 'reply', [calls, 'Lost.', 'Done.'])
  expect((await session.send('And now?').final()).text).toBe('Done.')
  const { messages } = server.requests.at(-1)!.body as { messages: object[] }
  expect(messages.slice(-2)).toMatchObject([
    { role: 'user', content: [{ type: 'tool_result' }] },
    { role: 'user', content: [{ text: 'And now?' }] },
  ])
})

describe('resumeTurn', () => {
  it('goes on with what there is, and gives the same result whenever it is called again', async () => {
    const begins = ({ type }: EntryBody) => type === 'intent'
    const { session, agent, made, requests } = await cutAfter(begins, [
      { toolCalls: [{ name: 'set' }] },
      'Lost.',
      'Done.',
    ])
    await session.close()
    const results = [await resumeTurn(agent, 's'), await resumeTurn(agent, 's')]
    const again = await resumeTurn(agent, 's', { prompt: { id: 'p', content: 'Go.' } })
    expect([...results, again].map((result) => result?.text)).toEqual(['Done.', 'Done.', 'Done.'])
    expect([made.length, requests()]).toEqual([1, 1])
  })

  it('asks a prompt once, and begins its session where there is none', async () => {
    const { session, agent, requests } = await cutAfter(({ type }) => type === 'turn', ['One.', 'Two.'])
    await session.close()
    const prompt = { id: 'q', content: 'And now?' }
    for (const id of ['s', 's', 'new']) await resumeTurn(agent, id, { prompt })
    expect(requests()).toBe(2)
    await expect(resumeTurn(agent, 'other')).rejects.toMatchObject({ code: 'session_not_found' })
  })

  it('leaves a session that somebody else writes to be tried again, or waits for it', async () => {
    const { session, agent } = await cutAfter(({ type }) => type === 'reply', ['Done.'])
    await expect(resumeTurn(agent, 's')).rejects.toMatchObject({ code: 'session_busy', retryable: true })
    const result = resumeTurn(agent, 's', { busyMs: 10_000 })
    await session.close()
    expect((await result)?.text).toBe('Done.')
  })
})
