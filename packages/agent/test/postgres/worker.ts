import { appendFileSync } from 'node:fs'
import { createClient, createUsageMeter } from '@enjamb/core'
import { defineTool } from '@enjamb/tools'
import { Pool } from 'pg'
import { createAgent } from '../../src/index.ts'
import { postgresStore, postgresUsageStore } from '../../src/postgres/index.ts'

export interface WorkerSettings {
  url: string
  schema: string
  baseURL: string
  capUsd: number
  /** Where effects of tools go. */
  effects: string
  sessions: number
  turns: number
}

/**
 * One of several workers that make the turns of some sessions: it takes whichever is free, and goes on where another one was
 * killed. It says a line for each turn that has ended, and ends when all have.
 */
const { url, schema, baseURL, capUsd, effects, sessions, turns }: WorkerSettings = JSON.parse(process.argv[2]!)
const pool = new Pool({ connectionString: url, max: 6 })
const meter = createUsageMeter({ store: postgresUsageStore(pool, { schema }), budgets: { default: { usd: capUsd } } })
const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  input: { type: 'object' },
  run(_, { idempotencyKey }) {
    appendFileSync(effects, `${idempotencyKey}\n`)
    return 'paid'
  },
})
const agent = createAgent({
  client: createClient({ apiKey: 'key', baseURL, middleware: [meter.middleware] }),
  model: 'haiku',
  maxTokens: 100,
  store: postgresStore(pool, { schema, leaseMs: 5_000 }),
  tools: [pay],
})
const left = new Set(Array.from({ length: sessions }, (_, n) => `s${n}`))

/** Makes the turns of a session that are to be made; false where somebody else is at it. */
async function work(id: string): Promise<boolean> {
  const session = await agent.session({ id, resume: 'if-exists' }).catch((error) => {
    if (error.code !== 'session_busy') throw error
  })
  if (!session) return false
  try {
    for (let turn = 0; turn < turns; turn++) {
      const { status } = await session.send(`Prompt ${turn}`, { id: `${id}-${turn}` }).final()
      console.log(`${id} ${turn} ${status}`)
      if (status === 'over_budget') break
    }
  } finally {
    await session.close()
  }
  return true
}

while (left.size) {
  // Elsewhere than the others begin.
  const order = [...left].sort(() => Math.random() - 0.5)
  const busy = await Promise.all(
    [0, 1].map(async (lane) => {
      const mine = order.filter((_, n) => n % 2 === lane)
      const done = []
      for (const id of mine) {
        done.push(
          await work(id).catch((error) => {
            if (error.code !== 'session_lost') throw error
            return false
          }),
        )
        if (done.at(-1)) left.delete(id)
      }
      return done.includes(false)
    }),
  )
  if (busy.includes(true)) await new Promise((resolve) => setTimeout(resolve, 50))
}
await pool.end()
