import { setTimeout } from 'node:timers/promises'
import { createUsageMeter } from '@enjamb/core'
import { script, type TurnFunction } from '@enjamb/testing'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../../../test/start-postgres.ts'
import { postgresStore, postgresUsageStore } from '../../src/postgres/index.ts'
import { callEngine } from '../../src/restate/call-engine.ts'
import { fleetClient } from '../../src/restate/index.ts'
import { noteFigures } from '../note-figures.ts'
import { endFleets, type FleetOptions, setUpFleet, startFleets } from './set-up-fleet.ts'

/** How much more of everything than in the short form. */
const scale = Number(process.env.LOAD ? 10 : 1)

beforeAll(startFleets)
afterAll(endFleets)

async function setUp(options: Omit<FleetOptions, 'database'>) {
  const postgres = await startPostgres({ settings: { max_connections: 200 } })
  const fleet = await setUpFleet({ workers: 4, ...options, database: postgres.url })
  onTestFinished(async () => {
    await fleet.close()
    await postgres.stop()
  })
  return { ...fleet, postgres }
}

const always = (reply: TurnFunction) => script([{ times: Number.POSITIVE_INFINITY, reply }])
const idsOf = (name: string, count: number) => Array.from({ length: count * scale }, (_, n) => `${name}${n}`)

it('a cap at 60 % of the work holds over all workers, to the nano-dollar', { timeout: 600_000 }, async () => {
  const text = 'An answer of some length. '.repeat(10)
  const sessions = idsOf('cap', 20)
  const one = await setUp({ script: always(() => text), workers: 1 })
  await (await one.client.send('cap-one', 'How much?')).final()
  const { cost } = one.api.ledger.entries[0]!
  const capNanoUsd = Math.round(cost!.nanoUsd * sessions.length * 0.6)
  const { client, api, postgres } = await setUp({ script: always(() => text), capUsd: capNanoUsd / 1e9 })
  const results = await Promise.all(sessions.map(async (id) => (await client.send(id, 'How much?')).final()))
  const of = (status: string) => results.filter((result) => result.status === status).length
  expect(of('completed') + of('over_budget')).toBe(sessions.length)
  expect(of('over_budget')).toBeGreaterThan(0)
  // What is set aside for a call is more than it comes to, so with many at once more are refused.
  expect(of('completed')).toBeGreaterThan(0)
  const billed = api.ledger.entries.reduce((sum, { cost }) => sum + cost!.nanoUsd, 0)
  expect(billed).toBeLessThanOrEqual(capNanoUsd)
  const pool = new Pool({ connectionString: postgres.url, max: 2 })
  onTestFinished(() => pool.end())
  const { totalCost } = await createUsageMeter({ store: postgresUsageStore(pool) }).stats({ period: 'total' })
  expect(Math.round(totalCost * 1e9)).toBe(billed)
  noteFigures(
    'cap',
    `A cap at 60 % of the work of ${sessions.length} sessions, over 4 workers`,
    `${of('over_budget')} refused, ${((billed / capNanoUsd) * 100).toFixed(1)} % of the cap spent, to the nano-dollar what was billed`,
  )
})

it('what waits for approval is there when everything was killed and started again', { timeout: 600_000 }, async () => {
  const reply: TurnFunction = ({ toolResults }) => (toolResults.length ? 'Done.' : { toolCalls: [{ name: 'ask' }] })
  const { client, engine, postgres, children, addWorker, endWorker, effects } = await setUp({
    script: always(reply),
    workers: 2,
  })
  const sessions = idsOf('ask', 10)
  const turns = await Promise.all(sessions.map((id) => client.send(id, 'May I?')))
  const waiting = async (id: string) => (await client.state(id)).pending
  for (const id of sessions) await expect.poll(() => waiting(id).catch(() => []), { timeout: 60_000 }).toHaveLength(1)
  for (const child of [...children.keys()]) await endWorker(child, 'SIGKILL')
  await Promise.all([engine.restart(), postgres.restart()])
  await addWorker()
  expect(effects()).toEqual([])
  for (const id of sessions) {
    const [call] = await waiting(id)
    await client.decide(id, call!.id, { allow: true, hash: call!.hash, by: 'me' })
  }
  const results = await Promise.all(turns.map((turn) => turn.final()))
  expect(new Set(results.map(({ text }) => text))).toEqual(new Set(['Done.']))
  expect(effects()).toHaveLength(sessions.length)
  noteFigures(
    'approvals',
    'Calls that wait for approval while all workers, the engine and PostgreSQL are killed',
    `all ${sessions.length} there afterwards, decided, made once`,
  )
})

it('a worker that is stopped past its lease writes nothing when it goes on: its turn has come to its end elsewhere', async () => {
  const { client, api, engine, children, passOver, addWorker, entries, log } = await setUp({
    script: script([
      { text: 'An answer of some length. '.repeat(9), stallAfterEvents: 9 },
      'From the other one.',
      'Next.',
    ]),
    workers: 1,
    leaseMs: 1_000,
  })
  const [stopped] = [...children.keys()]
  const turn = await client.send('stopped', 'Go.')
  await expect.poll(() => api.requests.length, { timeout: 60_000 }).toBe(1)
  stopped!.kill('SIGSTOP')
  onTestFinished(() => void stopped!.kill('SIGCONT'))
  passOver(stopped!)
  await addWorker()
  // By itself it notices after a minute, by its pings.
  await engine.restart()
  expect((await turn.final()).text).toBe('From the other one.')
  const before = await entries('stopped')
  stopped!.kill('SIGCONT')
  // It would write down how far its answer had come.
  await expect
    .poll(() => log().join('\n'), { timeout: 60_000 })
    .toContain('SessionLostError: Session stopped can no longer be written here: another process has taken over.')
  expect(await entries('stopped')).toEqual(before)
  expect(before.filter(({ type }) => type === 'reply')).toHaveLength(1)
  expect((await (await client.send('stopped', 'Next?')).final()).text).toBe('Next.')
})

it('a turn costs the database the same, however many sessions it has, and one of ten thousand is claimed at once', {
  timeout: 600_000,
}, async () => {
  const { client, postgres, children, addWorker, endWorker } = await setUp({
    script: always(() => 'Done.'),
    workers: 1,
  })
  await (await client.send('first', 'Go.')).final()
  const pool = new Pool({ connectionString: postgres.url, max: 3 })
  onTestFinished(() => pool.end())
  const copies = async (from: number, to: number) => {
    await pool.query(`
      INSERT INTO enjamb.sessions (id, last_seq) SELECT 'many-' || n, last_seq FROM enjamb.sessions, generate_series(${from}, ${to - 1}) AS n WHERE id = 'first';
      INSERT INTO enjamb.entries (session, seq, type, at, lease, entry)
        SELECT 'many-' || n, seq, type, at, lease, entry FROM enjamb.entries, generate_series(${from}, ${to - 1}) AS n WHERE session = 'first';
      ANALYZE enjamb.sessions, enjamb.entries`)
  }
  /** Rows that were read for some turns; a process tells of what it did when it ends. */
  const rowsRead = async () => {
    const text = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables`
    return Number((await pool.query(text)).rows[0].rows)
  }
  const costOf = async (from: number) => {
    for (const child of [...children.keys()]) await endWorker(child, 'SIGTERM')
    await pool.query('SELECT pg_stat_force_next_flush()')
    const before = await rowsRead()
    await addWorker()
    for (let n = from; n < from + 10; n++) await (await client.send(`many-${n}`, 'And now?')).final()
    for (const child of [...children.keys()]) await endWorker(child, 'SIGTERM')
    return (await rowsRead()) - before
  }
  await copies(0, 5_000)
  const half = await costOf(100)
  await copies(5_000, 10_000)
  const whole = await costOf(200)
  expect(whole).toBeLessThan(half * 1.2)
  const store = postgresStore(pool)
  const times: number[] = []
  for (let n = 0; n < 200; n++) {
    const began = performance.now()
    const lease = await store.open(`many-${(n * 7_919) % 10_000}`)
    times.push(performance.now() - began)
    await lease.release()
  }
  times.sort((a, b) => a - b)
  noteFigures(
    'many-sessions',
    '10,000 sessions in PostgreSQL: one of them is claimed; ten turns on others',
    `claimed after ${times[100]!.toFixed(1)} ms, 99 % within ${times[197]!.toFixed(1)} ms; ${half} rows read for ten turns among 5,000, ${whole} among 10,000`,
  )
})

it('the times that the engine gives to requests use the limit but for a fiftieth, however slow the machine', async () => {
  const { ingressUrl } = await setUp({ script: always(() => 'Done.'), workers: 2 })
  const pace = { perMinute: 60 * 0.98, burst: 6 }
  const count = 100
  // Nobody waits for those times, so that only what the engine says is measured: a minute and a half of it.
  const began = Date.now()
  const times = await Promise.all(
    Array.from({ length: count }, async () => {
      const waitMs = await callEngine({ url: ingressUrl }, '/enjamb_pacers/slow/take', { body: pace })
      return Date.now() + (waitMs as number)
    }),
  )
  const asking = Date.now() - began
  const minutes = (Math.max(...times) - began) / 60_000
  expect((count - pace.burst) / (minutes - asking / 60_000)).toBeGreaterThan(0.9 * 60)
})

it("keeps to the provider's limit over all workers: no 429 reaches a session, and the limit is used", {
  timeout: 600_000,
}, async () => {
  // Fifty a minute, twelve times as fast.
  const requestsPerMinute = 600
  const { client, api, entries } = await setUp({
    script: always(() => 'Done.'),
    rateLimits: { requestsPerMinute },
    requestsPerMinute,
  })
  const sessions = idsOf('pace', 20)
  const results = await Promise.all(
    sessions.map(async (id) => {
      const turns = []
      for (let n = 0; n < 7; n++) turns.push(await client.send(id, `Prompt ${n}.`))
      return Promise.all(turns.map((turn) => turn.final()))
    }),
  )
  expect(new Set(results.flat().map(({ status }) => status))).toEqual(new Set(['completed']))
  // Not one was refused.
  expect(api.ledger.answers).toBe(api.requests.length)
  const replies = (await Promise.all(sessions.map((id) => entries(id)))).flat().filter(({ type }) => type === 'reply')
  const times = replies.map(({ at }) => Date.parse(at)).sort((a, b) => a - b)
  // What has gathered before the first one leaves at once.
  const burst = requestsPerMinute / 10
  const rate = ((times.length - burst) / (times.at(-1)! - times[0]!)) * 60_000
  // Of few, much of the time is that of the first and the last of them; of many, all of it is the limit's.
  if (scale > 1) expect(rate).toBeGreaterThan(requestsPerMinute * 0.9)
  noteFigures(
    'pace',
    `A provider that takes ${requestsPerMinute} requests a minute, 4 workers, ${sessions.length} sessions`,
    `${Math.round(rate)} a minute of ${api.requests.length} requests, none refused`,
  )
})

it.each(['the engine', 'the workers'])(
  'readers that come back again and again get each event once, and miss none, by %s',
  { timeout: 600_000 },
  async (by) => {
    const reply: TurnFunction = ({ toolResults, index }) =>
      toolResults.length && index % 4 === 0
        ? { text: 'So. '.repeat(20), eventDelayMs: 20 }
        : { toolCalls: [{ name: 'set' }] }
    const { client, entries, ingressUrl, sessionsUrl } = await setUp({ script: always(reply) })
    const readers = fleetClient(ingressUrl, by === 'the engine' ? {} : { sessionsUrl })
    const sessions = idsOf(`live-${by.slice(4)}-`, 5)
    const delays: number[] = []
    const turns = await Promise.all(
      sessions.map(async (id) => [
        await client.send(id, 'One.'),
        await client.send(id, 'Two.'),
        await client.send(id, 'Three.'),
      ]),
    )
    async function read(id: string): Promise<number[]> {
      // Whoever did not ask waits until there is something.
      await expect
        .poll(
          () =>
            entries(id).then(
              (all) => all.length,
              () => 0,
            ),
          { timeout: 60_000 },
        )
        .toBeGreaterThan(0)
      const seqs: number[] = []
      let position: string | undefined
      for (let ends = 0; ends < 3; ) {
        const controller = new AbortController()
        const leaving = setTimeout(500 + Math.random() * 500).then(() => controller.abort())
        for await (const event of readers.follow(id, { after: position, signal: controller.signal })) {
          position = event.position
          if (!('seq' in event) || event.seq === undefined) continue
          seqs.push(event.seq)
          delays.push(Date.now() - Date.parse(event.at))
          if (event.type === 'turn_end' && ++ends === 3) break
        }
        await leaving
      }
      return seqs
    }
    const read4 = await Promise.all(
      sessions.flatMap((id) => [1, 2, 3, 4].map(async () => ({ id, seqs: await read(id) }))),
    )
    await Promise.all(turns.flat().map((turn) => turn.final()))
    for (const { id, seqs } of read4) {
      const told = ['prompt', 'reply', 'result', 'turn', 'intent', 'part', 'pending', 'decision']
      const facts = (await entries(id)).filter(({ type }) => told.includes(type)).map(({ seq }) => seq)
      expect(new Set(seqs).size).toBe(seqs.length)
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
      expect(facts.filter((seq) => !seqs.includes(seq))).toEqual([])
    }
    delays.sort((a, b) => a - b)
    const at = (share: number) => delays[Math.floor(delays.length * share)]
    noteFigures(
      `readers-by-${by.slice(4)}`,
      `4 readers of each of ${sessions.length} sessions, who come back every second, by ${by}`,
      `${delays.length} facts, none missed, none twice; after ${at(0.5)} ms, 99 % within ${at(0.99)} ms`,
    )
  },
)
