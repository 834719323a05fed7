import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { createUsageMeter } from '@enjamb/core'
import { fileUsageStore } from '@enjamb/core/node'
import { defineTool, type ToolContext } from '@enjamb/tools'
import { Pool } from 'pg'
import { createAgent, createSessionHandler } from '../../src/index.ts'
import { fileStore, toNodeListener } from '../../src/node/index.ts'
import { postgresStore, postgresUsageStore } from '../../src/postgres/index.ts'
import { fleetPacer, startWorker } from '../../src/restate/index.ts'

/**
 * A worker of a fleet, which says its port. Its tools: `pay` has an effect once, `set` may be made again; each effect stands in the
 * file `effects` at once. `ask` waits for somebody.
 */
const { folder, baseURL, ingressUrl, capUsd, requestsPerMinute, database, leaseMs } = JSON.parse(process.argv[2]!)

const act = (name: string, { idempotencyKey }: ToolContext) =>
  appendFileSync(`${folder}/effects`, `${process.pid} ${name} ${idempotencyKey}\n`)

const tool = (name: string, idempotent: boolean) =>
  defineTool({
    name,
    description: 'Works.',
    input: { type: 'object' },
    idempotent,
    async run(_, context) {
      act(name, context)
      await setTimeout(Math.random() * 10)
      return `${name} is done`
    },
  })

const pool = database && new Pool({ connectionString: database, max: 5 })
pool?.on('error', () => {})
const usage = pool ? postgresUsageStore(pool) : fileUsageStore(`${folder}/usage`)
const meter = capUsd && createUsageMeter({ store: usage, budgets: { default: { usd: capUsd, period: 'total' } } })
const pacer = requestsPerMinute && fleetPacer(ingressUrl, { requestsPerMinute })
const agent = createAgent({
  apiKey: 'key',
  baseURL,
  model: 'haiku',
  maxTokens: 100,
  retry: { maxRetries: pacer ? 0 : 2, baseDelayMs: 10 },
  middleware: [pacer?.middleware, meter?.middleware].filter(Boolean),
  store: pool ? postgresStore(pool, { leaseMs }) : fileStore(`${folder}/sessions`),
  tools: [tool('pay', false), tool('set', true), tool('ask', false)],
  permission: ({ name }) => (name === 'ask' ? { defer: true } : { allow: true }),
})
const worker = await startWorker(agent, {
  port: 0,
  host: '127.0.0.1',
  owner: `worker ${process.pid}`,
  maxRetryMs: 500,
  streamsPerConnection: 2,
  drainMs: 5_000,
  maxAttempts: Number(process.env.MAX_ATTEMPTS ?? 100),
  logger: (level, message) => appendFileSync(`${folder}/log`, `${process.pid} ${level} ${message.slice(0, 2_000)}\n`),
})
process.once('SIGTERM', async () => process.exit((await worker.close()) ? 0 : 1))
const handler = createSessionHandler(agent, {
  authorize: (_, { action }) => action === 'events' || action === 'state',
  retryMs: 50,
})
const events = createServer(toNodeListener(handler)).listen(0, '127.0.0.1')
await once(events, 'listening')
process.send!([worker.port, (events.address() as AddressInfo).port])
