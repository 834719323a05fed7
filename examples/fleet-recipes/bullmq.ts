import { createAgent, resumeTurn } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import { Queue, QueueEvents, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const agent = createAgent({ model: 'haiku', store: postgresStore(pool) })
const connection = new Redis(process.env.REDIS_URL ?? 'redis://localhost:6379', { maxRetriesPerRequest: null })

interface Asked {
  session: string
  id: string
  content: string
}

// A job whose worker has died is given to another one once its lock has run out, which is the queue's `stalled`.
const worker = new Worker<Asked>(
  'turns',
  async ({ data: { session, id, content } }) => {
    const result = await resumeTurn(agent, session, { prompt: { id, content }, busyMs: 60_000 })
    return { status: result?.status, text: result?.text }
  },
  { connection, concurrency: 20, lockDuration: 5_000, maxStalledCount: 20, stalledInterval: 2_000 },
)

const queue = new Queue<Asked>('turns', { connection })
const events = new QueueEvents('turns', { connection })
await events.waitUntilReady()
const [session = 'mail-42', id = 'mail-42-1', content = 'Which of these are urgent?'] = process.argv.slice(2)
// Twice with one jobId is one job. Of a session's prompts, send the next one when the last is answered: this queue keeps no order.
const job = await queue.add(
  'turn',
  { session, id, content },
  { jobId: id, attempts: 20, backoff: { type: 'exponential', delay: 100 } },
)
console.log(await job.waitUntilFinished(events))

await Promise.all([worker.close(), queue.close(), events.close()])
connection.disconnect()
await pool.end()
