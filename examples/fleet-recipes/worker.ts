import { createAgent } from '@enjamb/agent'
import { postgresStore, postgresUsageStore } from '@enjamb/agent/postgres'
import { startWorker } from '@enjamb/agent/restate'
import { createUsageMeter } from '@enjamb/core'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const meter = createUsageMeter({
  store: postgresUsageStore(pool),
  budgets: { default: { usd: 50, period: 'day' } }, // of all workers together
})
const agent = createAgent({ model: 'haiku', store: postgresStore(pool), middleware: [meter.middleware] })

const worker = await startWorker(agent, { port: Number(process.env.PORT ?? 9080) })
console.log(`listening on ${worker.port}`)
process.once('SIGTERM', async () => process.exit((await worker.close()) ? 0 : 1))
