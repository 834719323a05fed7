import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createAPIHandler, script } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { Pool } from 'pg'
import { createAgent, createSessionHandler } from '../../src/index.ts'
import { toNodeListener } from '../../src/node/index.ts'
import { postgresStore } from '../../src/postgres/index.ts'

export interface LiveWorkerSettings {
  database: string
  sessions: string[]
  /** Of each session, which has two facts for each of them. */
  calls: number
  /** Of each call. */
  callMs: number
}

/**
 * A worker that others read: it says its port, then begins the turns of its sessions when it is told to, and says when they have ended and
 * what CPU it took. Its server serves all sessions, whoever writes them.
 */
const { database, sessions, calls, callMs }: LiveWorkerSettings = JSON.parse(process.argv[2]!)
const pool = new Pool({ connectionString: database, max: 10 })
const asks = { toolCalls: Array.from({ length: calls }, () => ({ name: 'step' })) }
const answer = createAPIHandler({
  script: script([
    { times: Number.POSITIVE_INFINITY, reply: ({ toolResults }) => (toolResults.length ? 'Done.' : asks) },
  ]),
})
const step = defineTool({
  name: 'step',
  description: 'Takes its time. One comes after the other, as it might change something.',
  input: { type: 'object' },
  async run() {
    await setTimeout(callMs)
    return 'stepped'
  },
})
const agent = createAgent({
  apiKey: 'key',
  fetch: async (input, init) => answer(new Request(input, init)),
  model: 'haiku',
  maxTokens: 10_000,
  tools: [step],
  store: postgresStore(pool),
})
const handler = createSessionHandler(agent, { authorize: () => true, retryMs: 50 })
const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1')
await once(server, 'listening')
process.send!((server.address() as AddressInfo).port)

await once(process, 'message')
const opened = await Promise.all(sessions.map((id) => agent.session({ id })))
process.send!('begun')
const began = process.cpuUsage()
await Promise.all(
  opened.map(async (session) => {
    await setTimeout(Math.random() * callMs)
    await session.send('Go.').final()
    await session.close()
  }),
)
const { user, system } = process.cpuUsage(began)
process.send!((user + system) / 1e6)
await once(process, 'message')
await handler.close()
server.closeAllConnections()
server.close()
await pool.end()
process.disconnect()
