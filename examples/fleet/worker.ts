import { setTimeout } from 'node:timers/promises'
import { createAgent } from '@enjamb/agent'
import { postgresStore, postgresUsageStore } from '@enjamb/agent/postgres'
import { fleetPacer, startWorker } from '@enjamb/agent/restate'
import { createUsageMeter } from '@enjamb/core'
import { defineTool } from '@enjamb/tools'
import { Pool } from 'pg'

/** A worker of the fleet: all that it shares with the others is in the database and the engine. */
const { name, database, ingressUrl, capUsd, attempts } = JSON.parse(process.argv[2]!) as Record<string, string>

const pool = new Pool({ connectionString: database, max: 5 })
pool.on('error', () => {}) // The database may be started again: the store waits for it.
const meter = createUsageMeter({
  store: postgresUsageStore(pool),
  budgets: { default: { usd: Number(capUsd), period: 'total' } },
})
const pacer = fleetPacer(ingressUrl!, { requestsPerMinute: 300 })

const input = {
  type: 'object',
  properties: { order: { type: 'string' } },
  required: ['order'],
  additionalProperties: false,
} as const
const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks up what is known of an order.',
  input,
  readOnly: true,
  run: async ({ order }) => {
    await setTimeout(300 + Math.random() * 700)
    return `Order ${order}: 2 lamps, 49.80 €, delivered broken.`
  },
})
const refund = defineTool({
  name: 'refund',
  description: 'Pays an order back, once.',
  input,
  // It may not be tried again: where a worker dies in the middle of it, the model is told that nobody knows.
  run: async ({ order }, { idempotencyKey }) => {
    await pool.query('INSERT INTO payments (key, worker) VALUES ($1, $2)', [idempotencyKey, name])
    await setTimeout(200)
    return `Order ${order} is paid back.`
  },
})

const agent = createAgent({
  model: 'haiku',
  maxTokens: 1_000,
  system: 'You work through complaints about orders: look the order up, pay it back, then answer in two sentences.',
  tools: [lookUp, refund],
  store: postgresStore(pool),
  middleware: [pacer.middleware, meter.middleware],
})
const worker = await startWorker(agent, {
  port: 0,
  host: '127.0.0.1',
  owner: name,
  maxAttempts: Number(attempts),
  maxRetryMs: 2_000,
  streamsPerConnection: 2,
  // It says when a connection breaks, which is what this is about.
  logger: () => {},
})
process.once('SIGTERM', async () => process.exit((await worker.close()) ? 0 : 1))
process.send!(worker.port)
