import { strictEqual } from 'node:assert'
import { createAgent, resumeTurn } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import { createClient } from '@enjamb/core'
import { Pool } from 'pg'
import { startPostgres } from '../../test/start-postgres.ts'
import { atMostRounds } from '../at-most-rounds.ts'
import { pairedRatio } from '../cpu-by-round.ts'
import { median, type Report } from '../report.ts'
import { answer } from '../streams.ts'

const sizes = [100, 10_000] as const
const rounds = atMostRounds(15)
const perRound = 40
const headers = { 'content-type': 'text/event-stream' }
const text = answer({ type: 'text', text: '' }, [{ type: 'text_delta', text: 'Done.' }])

/** As many sessions, each of which had a turn, in a schema of their own. */
async function fill(pool: Pool, size: number) {
  const client = createClient({ apiKey: 'none', fetch: async () => new Response(text, { headers }) })
  const schema = `of_${size}`
  const store = postgresStore(pool, { schema })
  const agent = createAgent({ client, model: 'claude-haiku-4-5', maxTokens: 1_000, store })
  const idOf = (n: number) => `session-${n % size}`
  const ask = (n: number, id: string) => resumeTurn(agent, idOf(n), { prompt: { id, content: 'Well?' } })
  await ask(0, 'first')
  // The others are like the first one.
  const copies = `FROM ${schema}.sessions AS s, generate_series(1, ${size - 1}) AS n`
  await pool.query(`INSERT INTO ${schema}.sessions (id, last_seq) SELECT 'session-' || n, last_seq ${copies}`)
  await pool.query(`
    INSERT INTO ${schema}.entries (session, seq, type, at, lease, entry)
    SELECT s.id, e.seq, e.type, e.at, e.lease, replace(e.entry::text, '"session-0"', '"' || s.id || '"')::json
    FROM ${schema}.entries AS e, ${schema}.sessions AS s WHERE s.id <> e.session`)
  let asked = 0
  return {
    /** Claims one after the other, and gives them back: the time of each claim, in milliseconds. */
    async claim(): Promise<number[]> {
      const times: number[] = []
      for (let n = 0; n < perRound; n++) {
        const start = performance.now()
        const lease = await store.open(idOf(asked++ * 7_919))
        times.push(performance.now() - start)
        await lease.release()
      }
      return times
    },
    /** A session, its prompt, an answer that takes no time, its end: the time for each, in milliseconds. */
    async turn(): Promise<number> {
      const start = performance.now()
      for (let n = 0; n < perRound; n++) {
        const result = await ask(asked * 7_919, `turn-${asked++}`)
        strictEqual(result?.status, 'completed')
      }
      return (performance.now() - start) / perRound
    },
  }
}

/** What a session's turn costs where many others are stored. */
export default async function run(): Promise<Report> {
  const postgres = await startPostgres({ durable: true })
  const pool = new Pool({ connectionString: postgres.url })
  try {
    const few = await fill(pool, sizes[0])
    const many = await fill(pool, sizes[1])
    await pool.query('VACUUM ANALYZE')
    const claims: Record<'few' | 'many', number[]> = { few: [], many: [] }
    const turns: Record<'few' | 'many', number[]> = { few: [], many: [] }
    const each: number[] = []
    for (let round = -1; round < rounds; round++) {
      for (const [name, stored] of [
        ['few', few],
        ['many', many],
      ] as const) {
        const times = await stored.claim()
        const ms = await stored.turn()
        if (round < 0) continue
        claims[name].push(median(times))
        turns[name].push(ms)
        if (name === 'many') each.push(...times)
      }
    }
    const slow = each.toSorted((a, b) => a - b)[Math.floor(each.length * 0.99)]!
    const claimed = pairedRatio(claims.many, claims.few)
    const turned = pairedRatio(turns.many, turns.few)
    const [small, large] = sizes.map((size) => size.toLocaleString('en'))
    return {
      title: 'A turn among many stored sessions',
      method: `PostgreSQL on this machine, which waits for the disk at each commit; one process, in which the answers come from memory. A claim opens a session for writing; a turn claims one, asks a prompt, has its answer written, and lets go. Medians of ${rounds} rounds of ${perRound} each, in turns; the ratios are those of the same rounds.`,
      rows: [
        { name: `one of ${small} sessions claimed`, value: median(claims.few), unit: 'ms', ours: true },
        {
          name: `one of ${large} sessions claimed`,
          value: median(claims.many),
          unit: 'ms',
          ratio: claimed,
          ours: true,
        },
        { name: `one of ${large} sessions claimed, 99 of 100 within`, value: slow, unit: 'ms', ours: true },
        { name: `a turn of one of ${small} sessions`, value: median(turns.few), unit: 'ms', ours: true },
        {
          name: `a turn of one of ${large} sessions`,
          value: median(turns.many),
          unit: 'ms',
          ratio: turned,
          ours: true,
        },
      ],
      goals: [
        { what: `ms until one of ${large} is claimed, 99 of 100`, atMost: 20, measured: slow },
        { what: `a claim among ${large}, of one among ${small}`, atMost: 1.2, measured: claimed },
        { what: `a turn among ${large}, of one among ${small}`, atMost: 1.1, measured: turned },
      ],
    }
  } finally {
    await pool.end()
    await postgres.stop()
  }
}
