import { type ChildProcess, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Postgres, startPostgres } from '../../../../../test/start-postgres.ts'
import { buildProgram } from '../../../test/build-program.ts'
import { type CuttableConnections, cuttableConnections } from '../../../test/cut-connections.ts'
import { startWorker as startProgram } from '../../../test/start-worker.ts'
import type { Entry } from '../../journal/entry.ts'
import { type PostgresStoreOptions, postgresStore } from './postgres-store.ts'

let postgres: Postgres
let folder: string
let program: string
const pools: Pool[] = []
const children = new Set<ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-fleet-'))
  program = join(folder, 'worker.mjs')
  const source = new URL('../../../test/journal-worker.ts', import.meta.url)
  ;[postgres] = await Promise.all([startPostgres(), buildProgram(source, program)])
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true })
})

function newPool(url = postgres.url, options: object = {}): Pool {
  const pool = new Pool({ connectionString: url, max: 4, ...options })
  pools.push(pool)
  return pool
}

/** For what the tests themselves ask. */
function ownPool(): Pool {
  return newPool().on('error', () => {})
}

const storeOf = (schema: string, options: PostgresStoreOptions = {}, url?: string) =>
  postgresStore(newPool(url), { schema, ...options })

/** A process that writes the session `s`. */
function startWorker(schema: string, { leaseMs = 30_000, env = '' } = {}) {
  const report = join(folder, `${schema}.${Math.random()}`)
  const worker = startProgram([program, `${postgres.url}#${schema}`, 's', report, String(leaseMs)], env || ':')
  children.add(worker.child)
  return {
    ...worker,
    /** The places that were acknowledged. */
    acknowledged: () =>
      existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean).map(Number) : [],
  }
}

async function read(schema: string, id = 's'): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of storeOf(schema).read(id)) entries.push(entry)
  return entries
}

const note = (name: string) => ({ type: 'note' as const, name })
const names = (entries: Entry[]) => entries.map((entry) => Object(entry).name)

describe('a process that writes a session in PostgreSQL', () => {
  it('and is killed holds up nobody on its machine, and keeps what was acknowledged', async () => {
    const worker = startWorker('killed')
    await worker.tell('open')
    await worker.tell('append 2')
    worker.order('flood')
    while (worker.acknowledged().length < 20) await new Promise((resolve) => setImmediate(resolve))
    await worker.kill()
    const lease = await storeOf('killed').open('s')
    await lease.append([note('next')])
    await lease.release()
    const entries = await read('killed')
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1))
    expect(entries.length).toBeGreaterThan(worker.acknowledged().at(-1)!)
  })

  it('and ends elsewhere holds it until its lease is over by the database’s clock, whatever its own says', async () => {
    const leaseMs = 400
    const workers = ['3600000', '-3600000'].map((shift) =>
      startWorker('clocks', { leaseMs, env: `export CLOCK_SHIFT_MS=${shift}` }),
    )
    const pool = ownPool()
    for (const [n, worker] of workers.entries()) {
      const other = workers[1 - n]!
      expect(await worker.tell('open')).toBe('opened')
      await worker.tell('append 1')
      // As it is known from another machine: nobody here can see whether it lives.
      await pool.query(`UPDATE clocks.workers SET process = 'elsewhere/1/1'`)
      expect(await other.tell('open')).toMatch(/^session_busy/)
      // For longer than a lease, as it says that it lives.
      const { rows } = await pool.query(`SELECT max(alive_until) AS until FROM clocks.workers`)
      const isOver = async () =>
        (await pool.query('SELECT clock_timestamp() > $1 AS over', [rows[0].until])).rows[0].over
      while (!(await isOver())) expect(await other.tell('open')).toMatch(/^session_busy/)
      expect(await other.tell('open')).toMatch(/^session_busy/)
      await worker.kill()
      const killedAt = (await pool.query('SELECT clock_timestamp() AS now')).rows[0].now
      let answer = ''
      while (answer !== 'opened') answer = await other.tell('open')
      const { since } = (await pool.query(`SELECT since FROM clocks.sessions`)).rows[0]
      expect(since - killedAt).toBeLessThan(60_000)
      await other.tell('release')
      if (n === 0) workers[0] = startWorker('clocks', { leaseMs, env: 'export CLOCK_SHIFT_MS=3600000' })
    }
  })

  it('and is stopped for longer than its lease has lost it, and nothing that it writes then is there', async () => {
    const worker = startWorker('stopped', { leaseMs: 300 })
    await worker.tell('open')
    await worker.tell('append 1')
    const other = storeOf('stopped', { leaseMs: 300 })
    await expect(other.open('s')).rejects.toMatchObject({
      code: 'session_busy',
      holder: { owner: 'worker', pid: worker.child.pid, since: expect.any(Date) },
    })
    worker.child.kill('SIGSTOP')
    let lease: Awaited<ReturnType<typeof other.open>> | undefined
    while (!lease) lease = await other.open('s').catch(() => undefined)
    expect(await lease.append([note('mine')])).toBe(2)
    worker.order('append 3')
    worker.child.kill('SIGCONT')
    const heard = [await worker.hear(), await worker.hear()]
    expect(heard.sort()).toEqual([
      'lost',
      expect.stringMatching(/^session_lost Session s can no longer be written here/),
    ])
    expect(await lease.append([note('mine')])).toBe(3)
    await lease.release()
    expect(names(await read('stopped'))).toEqual([String(worker.child.pid), 'mine', 'mine'])
  })
})

describe('a connection that is lost', () => {
  let connections: CuttableConnections

  async function openThroughCuts(schema: string, options?: PostgresStoreOptions) {
    connections = await cuttableConnections(postgres.url)
    const lease = await storeOf(schema, options, connections.url).open('s', { create: true })
    expect(await lease.append([note('first')])).toBe(1)
    return lease
  }

  it.each(['question', 'answer'] as const)('in the %s of an append leaves its entries there, once', async (where) => {
    const lease = await openThroughCuts(`cut_${where}`)
    const cut = connections.cut(where, 'json_array_elements')
    const appended = lease.append([note('second'), note('third')])
    await cut
    expect(await appended).toBe(3)
    expect(await lease.append([note('fourth')])).toBe(4)
    await lease.release()
    expect(names(await read(`cut_${where}`))).toEqual(['first', 'second', 'third', 'fourth'])
    await Promise.all(pools.splice(0).map((pool) => pool.end()))
    await connections.close()
  })

  it('while the database is still at an append has it wait for what comes of it', async () => {
    const lease = await openThroughCuts('cut_work')
    const pool = ownPool()
    const blocker = await pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT FROM cut_work.sessions FOR UPDATE')
    const cut = connections.cut('work', 'json_array_elements')
    const appended = lease.append([note('second')])
    await cut
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%cut_work%'`
    while ((await pool.query(waits)).rows.length < 2) await new Promise((resolve) => setImmediate(resolve))
    await blocker.query('COMMIT')
    blocker.release()
    expect(await appended).toBe(2)
    expect(await lease.append([note('third')])).toBe(3)
    await lease.release()
    expect(names(await read('cut_work'))).toEqual(['first', 'second', 'third'])
    await Promise.all(pools.splice(0).map((pool) => pool.end()))
    await connections.close()
  })

  it('for good in the middle of a commit is said to leave the outcome unknown, and the session open to others', async () => {
    const lease = await openThroughCuts('cut_off', { reconnectMs: 50, leaseMs: 300 })
    const cut = connections.cut('answer', 'json_array_elements')
    const appended = lease.append([note('second')])
    appended.catch(() => {})
    await cut
    await connections.close()
    await expect(appended).rejects.toMatchObject({ code: 'session_store', outcome: 'unknown' })
    expect(lease.lost.aborted).toBe(true)
    await expect(lease.append([note('third')])).rejects.toMatchObject({ code: 'session_lost' })
    await lease.release()
    const other = storeOf('cut_off')
    let next: Awaited<ReturnType<typeof other.open>> | undefined
    while (!next) next = await other.open('s').catch(() => undefined)
    await next.release()
    expect(names(await read('cut_off'))).toEqual(['first', 'second'])
  })

  it('before anything was sent is said to have done nothing', async () => {
    const lease = await openThroughCuts('cut_before', { reconnectMs: 50 })
    await connections.close()
    while (pools[0]!.totalCount) await new Promise((resolve) => setImmediate(resolve))
    await expect(lease.append([note('second')])).rejects.toMatchObject({ code: 'session_store', outcome: 'not_done' })
    expect(lease.lost.aborted).toBe(false)
    await expect(lease.release()).rejects.toMatchObject({ code: 'session_store' })
    expect(names(await read('cut_before'))).toEqual(['first'])
  })
})

describe('a database', () => {
  it('that is restarted under load loses nothing that was acknowledged, and nobody has to begin anew', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const stores = [storeOf('restarted'), storeOf('restarted')]
    const leases = await Promise.all(ids.map((id, n) => stores[n % 2]!.open(id, { create: true })))
    const controller = new AbortController()
    const seen: number[] = []
    const following = (async () => {
      for await (const { seq } of stores[1]!.follow!('a', 0, controller.signal)) seen.push(seq)
    })()
    let over = false
    const counts = ids.map(() => 0)
    const writing = leases.map(async (lease, n) => {
      while (!over) {
        expect(await lease.append([note('one'), note('two')])).toBe(counts[n]! + 2)
        counts[n]! += 2
      }
    })
    for (let restart = 0; restart < 3; restart++) {
      const before = counts[0]!
      while (counts[0]! < before + 10) await new Promise((resolve) => setImmediate(resolve))
      await postgres.restart()
    }
    over = true
    await Promise.all(writing)
    await Promise.all(leases.map((lease) => lease.release()))
    for (const [n, id] of ids.entries()) {
      const places = (await read('restarted', id)).map(({ seq }) => seq)
      expect(places).toEqual(Array.from({ length: counts[n]! }, (_, at) => at + 1))
    }
    while (seen.length < counts[0]!) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await following
    expect(seen).toEqual(Array.from({ length: counts[0]! }, (_, at) => at + 1))
  })

  it('that is not there is said to be so at once', async () => {
    const store = storeOf('none', {}, `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`)
    await expect(store.open('s', { create: true })).rejects.toMatchObject({
      code: 'session_store',
      message: expect.stringMatching(
        /^This process could not be made known to the database \(connect ENOENT .*see to the database/,
      ),
    })
  })

  it('whose pool has no connection left is waited for as long as it is to be, and no longer', async () => {
    const pool = newPool(postgres.url, { max: 2 })
    const store = postgresStore(pool, { schema: 'busy', reconnectMs: 50 })
    const lease = await store.open('s', { create: true })
    const taken = await pool.connect()
    // Not before: a connection to be made would have no more time than one to be had.
    Object.assign(pool.options, { connectionTimeoutMillis: 20 })
    await expect(lease.append([note('n')])).rejects.toMatchObject({
      code: 'session_store',
      outcome: 'not_done',
      message: expect.stringMatching(/timeout exceeded when trying to connect/),
    })
    taken.release()
    expect(await lease.append([note('n')])).toBe(1)
    await lease.release()
  })

  it('whose tables a later release has made is refused, and not touched', async () => {
    const pool = newPool()
    await (await postgresStore(pool, { schema: 'later' }).open('s', { create: true })).release()
    await pool.query('UPDATE later.version SET version = 99')
    await expect(storeOf('later').open('s')).rejects.toMatchObject({
      code: 'schema_version',
      found: 99,
      message: expect.stringMatching(/update @enjamb\/agent here, or name another schema/),
    })
  })

  const small = mountSmallDisk()
  it.skipIf(!small)(
    'whose disk is full fails, keeps what was acknowledged, and goes on when there is room',
    async () => {
      try {
        await ownPool().query(`CREATE TABLESPACE small LOCATION '${small}'`)
        const store = postgresStore(
          newPool(`${postgres.url}&options=${encodeURIComponent('-c default_tablespace=small')}`),
          { schema: 'small' },
        )
        const lease = await store.open('s', { create: true })
        let acknowledged = 0
        const append = async () => {
          acknowledged = await lease.append([
            note('x'.repeat(20_000).replace(/x/g, () => Math.random().toString(36)[2] ?? 'y')),
          ])
        }
        const failure = (async () => {
          for (;;) await append()
        })()
        await expect(failure).rejects.toMatchObject({
          code: 'session_store',
          outcome: 'not_done',
          message: expect.stringMatching(/No space left/),
        })
        expect(acknowledged).toBeGreaterThan(0)
        expect((await read('small')).length).toBe(acknowledged)
        execFileSync('mount', ['-o', 'remount,size=64m', small!])
        expect(await lease.append([note('next')])).toBe(acknowledged + 1)
        await lease.release()
      } finally {
        await postgres.crash()
        execFileSync('umount', [small!])
      }
    },
  )

  /** Where there may be none, there is no such test. */
  function mountSmallDisk(): string | undefined {
    const path = mkdtempSync(join(tmpdir(), 'enjamb-small-'))
    try {
      execFileSync(
        'mount',
        [
          '-t',
          'tmpfs',
          '-o',
          `size=2m,uid=${execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim()}`,
          'tmpfs',
          path,
        ],
        { stdio: 'ignore' },
      )
      return path
    } catch {
      rmSync(path, { recursive: true })
      return undefined
    }
  }
})
