import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createMockServer, script } from '@enjamb/testing'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildProgram } from '../build-program.ts'
import { type FoundPostgres, findPostgres } from '../find-postgres.ts'
import { noteFigures } from '../note-figures.ts'
import type { WorkerSettings } from './worker.ts'

/** How often a worker is killed, and the sessions and turns of each: `npm run test:long -- postgres` has more of them. */
const kills = Number(process.env.KILLS ?? 2)
const sessions = Number(process.env.SESSIONS ?? 5)
const turns = 3
/** What they come to without a cap. */
let whole = 0n

let postgres: FoundPostgres
let folder: string
let program: string
let pool: Pool

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-workers-'))
  program = join(folder, 'worker.mjs')
  ;[postgres] = await Promise.all([findPostgres(), buildProgram(new URL('./worker.ts', import.meta.url), program)])
  pool = postgres.newPool(2)
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true })
})

/** Every other request asks for an effect, and costs something of its own, which is not much less than it may cost at most. */
const calls = () =>
  script([
    {
      times: Number.POSITIVE_INFINITY,
      reply: ({ index, toolResults }) =>
        toolResults.length
          ? `Done, ${'word '.repeat(50 + (index % 30))}`
          : { text: 'So:', toolCalls: [{ name: 'pay' }] },
    },
  ])

/** Has some workers make all turns, of which as many are killed after some of them and replaced. */
async function run(schema: string, capUsd: number, count: number, deaths: number) {
  const api = await createMockServer({ script: calls(), maxRecordedRequests: 1_000_000 })
  const effects = join(folder, `${schema}.effects`)
  const settings: WorkerSettings = { url: postgres.url, schema, baseURL: api.url, capUsd, effects, sessions, turns }
  const statuses: string[] = []
  let left = deaths
  /** As it is drawn, and the same in each run. */
  let drawn = 12_345
  const draw = (below: number) => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31
    return drawn % below
  }

  async function runWorker(): Promise<void> {
    const child: ChildProcess = spawn(process.execPath, [program, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    let until = left > 0 ? 1 + draw(4) : Infinity
    // Anywhere in the turn that follows.
    const late = draw(20)
    for await (const line of createInterface(child.stdout!)) {
      statuses.push(line)
      if (--until || left <= 0) continue
      left--
      setTimeout(() => child.kill('SIGKILL'), late)
    }
    const [code, signal] = await exited
    if (signal === 'SIGKILL') return runWorker()
    expect(code).toBe(0)
  }

  await Promise.all(Array.from({ length: count }, runWorker))
  await api.close()
  return {
    billed: api.ledger.entries.reduce((sum, { cost }) => sum + BigInt(cost!.nanoUsd), 0n),
    statuses,
    effects: existsSync(effects) ? readFileSync(effects, 'utf8').split('\n').filter(Boolean) : [],
  }
}

/** Exact sums of what the database has. */
async function sums(schema: string) {
  const one = async (text: string) => BigInt((await pool.query(text)).rows[0].sum ?? 0)
  const ofEntries = `FROM ${schema}.entries WHERE type IN ('reply', 'part', 'compaction')`
  return {
    journals: await one(`SELECT sum((entry->'cost'->>'nanoUsd')::bigint) ${ofEntries}`),
    spent: await one(`SELECT sum(spent) FROM ${schema}.usage_days`),
    models: await one(`SELECT sum(nano_usd) FROM ${schema}.usage_models`),
    reserved: await one(`SELECT sum(reserved) FROM ${schema}.usage_days`),
    open: await one(`SELECT sum(nano_usd) FROM ${schema}.usage_reservations`),
    dead: await one(`SELECT count(*) AS sum FROM ${schema}.usage_reservations`),
  }
}

it('workers that are killed at any moment leave books that say what the journals say, and what the dead had set aside', async () => {
  const schema = 'killed_workers'
  const { billed, effects, statuses } = await run(schema, 100, kills > 10 ? 4 : 2, kills)
  const { journals, spent, models, reserved, open, dead } = await sums(schema)
  whole = journals
  // What is open is of the dead, and all that is not of the journals.
  expect(spent).toBe(journals)
  expect(models).toBe(spent)
  expect(reserved).toBe(open)
  expect(dead <= BigInt(2 * kills)).toBe(true)
  expect(billed >= journals && billed <= journals + open).toBe(true)
  const { rows } = await pool.query(`
    SELECT session, count(*) FILTER (WHERE type = 'prompt') AS prompts, count(DISTINCT entry->>'id') FILTER (WHERE type = 'prompt') AS ids,
      count(*) FILTER (WHERE type = 'turn') AS turns, max(seq) = count(*) AS whole
    FROM ${schema}.entries GROUP BY 1`)
  expect(rows).toHaveLength(sessions)
  for (const row of rows)
    expect(row).toMatchObject({ prompts: String(turns), ids: String(turns), turns: String(turns), whole: true })
  expect(new Set(effects).size).toBe(effects.length)
  expect(new Set(statuses.map((line) => line.split(' ')[2]))).toEqual(new Set(['completed']))
  const held = `SELECT FROM ${schema}.sessions WHERE worker IS NOT NULL`
  expect((await pool.query(held)).rows).toEqual([])
  noteFigures(
    'database-kills',
    `Workers on one PostgreSQL without an engine, killed at any moment, ${sessions} sessions of ${turns} turns`,
    `${kills} kills; each of ${sessions * turns} turns completed once, ${effects.length} effects, none twice; spent and in the journals ${journals} nano-dollars, ` +
      `billed ${billed}, set aside by ${dead} calls of the dead ${open}; 0 leases left`,
  )
})

it('workers that share a cap of less than their work never spend above it, and are refused the rest', async () => {
  const cap = (whole * 6n) / 10n
  const { billed, statuses } = await run('capped', Number(cap) / 1e9, kills > 10 ? 4 : 3, 0)
  const { journals, spent, reserved } = await sums('capped')
  expect(statuses.filter((line) => line.endsWith('over_budget')).length).toBeGreaterThan(0)
  expect(spent).toBe(journals)
  expect(spent).toBe(billed)
  expect(reserved).toBe(0n)
  expect(spent <= cap).toBe(true)
  expect(spent).toBeGreaterThan(0n)
  const refused = statuses.filter((line) => line.endsWith('over_budget')).length
  noteFigures(
    'database-cap',
    `A cap at 60 % of the work of ${sessions} sessions, over workers on one PostgreSQL`,
    `${refused} refused, ${spent} of ${cap} nano-dollars spent, which is what was billed`,
  )
})
