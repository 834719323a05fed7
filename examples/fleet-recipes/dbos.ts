import { DBOS } from '@dbos-inc/dbos-sdk'
import { createAgent, resumeTurn } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import { isEnjambError } from '@enjamb/core'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const agent = createAgent({ model: 'haiku', store: postgresStore(pool) })

/** One step: what a crash left of it says the journal, and not the workflow. */
async function ask(session: string, id: string, content: string) {
  const turn = () => resumeTurn(agent, session, { prompt: { id, content }, busyMs: 60_000 })
  const shouldRetry = (error: unknown) => isEnjambError(error) && error.retryable
  const result = await DBOS.runStep(turn, { name: 'turn', retriesAllowed: true, maxAttempts: 20, shouldRetry })
  return { status: result?.status, text: result?.text }
}
const workflow = DBOS.registerWorkflow(ask, { name: 'ask' })

DBOS.setConfig({ name: 'fleet', systemDatabaseUrl: process.env.DATABASE_URL!, logLevel: 'error' })
await DBOS.launch()
// One prompt of a session at a time, in order; the sessions side by side.
await DBOS.registerQueue('sessions', { partitionConcurrency: 1 })

const [session = 'mail-42', id = 'mail-42/1', prompt = 'Which of these are urgent?'] = process.argv.slice(2)
const asked = { workflowID: id, queueName: 'sessions', enqueueOptions: { queuePartitionKey: session } }
const handle = await DBOS.startWorkflow(workflow, asked)(session, id, prompt)
console.log(await handle.getResult())
await DBOS.shutdown()
await pool.end()
