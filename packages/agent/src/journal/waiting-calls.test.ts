import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { expect, it, onTestFinished } from 'vitest'
import { readState, stateOf } from '../handler/session-state.ts'
import { createAgent, memoryStore } from '../index.ts'

const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run: () => 'paid' })
const calls = { toolCalls: [{ name: 'pay' }] }

const ends: [status: string, turns: Turn[]][] = [
  ['idle', ['Done.']],
  // It has done something, and then failed: it can be taken up, and nobody has to.
  ['idle', [calls, { error: 400 }]],
  ['waiting', [{ toolCalls: [{ name: 'pay', input: { later: true } }] }]],
]

it.each(ends)('a session is %s to whoever opens it and to whoever only reads it', async (status, turns) => {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const store = memoryStore()
  const permission = ({ input }: { input: unknown }) =>
    'later' in Object(input) ? ({ defer: true } as const) : ({ allow: true } as const)
  const agent = createAgent({ apiKey: 'k', baseURL: server.url, tools: [pay], permission, store })
  const session = await agent.session({ id: 's' })
  await session
    .send('Go.')
    .final()
    .catch(() => {})
  expect(session.status).toBe(status)
  expect(await readState(store, 's')).toEqual(stateOf(session))
})
