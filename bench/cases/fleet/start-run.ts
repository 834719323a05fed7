import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAgent } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import type { MessageParam } from '@enjamb/core'
import { createMockServer, script } from '@enjamb/testing'
import { Pool } from 'pg'
import type { Client, Run } from './clients/client.ts'
import { createModel, promptOf } from './create-model.ts'
import type { Load } from './run-load.ts'
import type { Services } from './start-services.ts'
import { startWorkers } from './start-workers.ts'

export interface Contender {
  name: string
  /** The program of a worker, in `workers/`. */
  worker: string
  connect(run: Run): Promise<Client>
  /** Whether sessions are enjamb's, with journals in the database. */
  hasJournals?: boolean
}

let runs = 0

/** Workers of a contender, on a database and a queue of their own, with an API and somebody who asks. */
export async function startRun({ worker, connect, hasJournals }: Contender, services: Services, load: Load) {
  const name = `run${++runs}`
  const effects = join(mkdtempSync(join(services.folder, 'run-')), 'effects')
  writeFileSync(effects, '')
  const database = await createDatabase(services.postgres.url, name)
  const redis = services.redis?.socket ?? ''
  const model = createModel(load.modelMs)
  const mock = script([{ times: Number.POSITIVE_INFINITY, reply: model.reply }])
  const api = await createMockServer({ script: mock, maxRecordedRequests: 1 })
  const client = await connect({ database, redis, queue: name, engine: services.engine })
  const settings = { baseURL: api.url, effects, toolMs: load.toolMs, database, redis, queue: name }
  const workers = await startWorkers(worker, load.workers, settings, client.workers)
  const sessions = Array.from({ length: load.sessions }, (_, n) => `${name}-${n}`)
  const histories = new Map<string, MessageParam[]>()

  /** Asks for an order to be paid. */
  async function ask(session: string, order: string): Promise<void> {
    const messages = histories.get(session) ?? []
    histories.set(session, await client.ask({ session, id: order, content: promptOf(order), messages }))
  }
  // Once for each session, so that connections, tables and code are there.
  await Promise.all(sessions.map((session) => ask(`${session}-warm`, `${session}-warm-up`)))
  return {
    sessions,
    ask,
    workers,
    model,
    /** The orders that were paid. */
    effects: () => readFileSync(effects, 'utf8').split('\n').filter(Boolean),
    /** What was said in a session. */
    historyOf: (session: string) => histories.get(session) ?? [],
    async end(): Promise<void> {
      await workers.end()
      await client.close()
      await api.close()
      if (hasJournals) await readHistories(database, sessions, histories)
    },
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  const pool = new Pool({ connectionString: url, max: 1 })
  await pool.query(`CREATE DATABASE ${name}`)
  await pool.end()
  // With a host, as DBOS reads no URL without one.
  return url.replace('@/postgres?', `@localhost/${name}?`)
}

/** What the journals say. */
async function readHistories(
  database: string,
  sessions: string[],
  histories: Map<string, MessageParam[]>,
): Promise<void> {
  const pool = new Pool({ connectionString: database, max: 4 })
  const agent = createAgent({ apiKey: 'none', model: 'haiku', store: postgresStore(pool) })
  for (const id of sessions) {
    const session = await agent.session({ id, resume: true })
    histories.set(id, [...session.messages])
    await session.close()
  }
  await pool.end()
}
