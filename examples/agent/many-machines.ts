import { createAgent } from '@enjamb/agent'
import { postgresStore, postgresUsageStore } from '@enjamb/agent/postgres'
import { createUsageMeter } from '@enjamb/core'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
// One budget for all who share the database.
const meter = createUsageMeter({ store: postgresUsageStore(pool), budgets: { default: { usd: 50, period: 'day' } } })
const agent = createAgent({ model: 'sonnet', store: postgresStore(pool), middleware: [meter.middleware] })

// The same on each machine: one goes on with it, and the others are told who that is. What has an answer is not asked again.
const session = await agent.session({ id: 'mail-42', resume: 'if-exists' })
const { text } = await session.send('Which of these are urgent?', { id: 'monday' }).final()
await session.close()

const { totalCost } = await meter.stats()
console.log(text, totalCost)
await pool.end()
