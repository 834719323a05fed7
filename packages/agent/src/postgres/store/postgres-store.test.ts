import { sessionStoreTests } from '@enjamb/testing'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FoundPostgres, findPostgres } from '../../../test/find-postgres.ts'
import { postgresStore } from './postgres-store.ts'

let postgres: FoundPostgres

beforeAll(async () => {
  postgres = await findPostgres()
})
afterAll(() => postgres.stop())

describe('the store in PostgreSQL', () => {
  for (const { name, run } of sessionStoreTests((storage) =>
    postgresStore(postgres.newPool(), { schema: `s_${storage.replaceAll('-', '_')}` }),
  )) {
    it(name, run)
  }

  it('has journals that SQL reads, whatever is in them', async () => {
    const pool = postgres.newPool()
    const lease = await postgresStore(pool, { schema: 'read_by_sql' }).open('s', { create: true })
    const data = { nul: 'a\0b', half: '\ud800', slash: '\\u0000', ä: [1] }
    await lease.append([{ type: 'note', name: 'n', data, at: '2026-01-02T03:04:05.678Z' }])
    await lease.release()
    const { rows } = await pool.query(
      `SELECT seq, type, at, entry->'data' AS data FROM read_by_sql.journal WHERE entry->>'name' = 'n'`,
    )
    expect(rows).toEqual([
      {
        seq: '1',
        type: 'note',
        at: new Date('2026-01-02T03:04:05.678Z'),
        data: { nul: 'a\ufffdb', half: '\ufffd', slash: '\\ufffd', ä: [1] },
      },
    ])
  })

  it('looks at the rows of a session alone, however many there are', async () => {
    const pool = postgres.newPool()
    const store = postgresStore(pool, { schema: 'many' })
    await (await store.open('s', { create: true })).release()
    await pool.query(`
      INSERT INTO many.sessions (id, last_seq) SELECT 'other-' || n, 3 FROM generate_series(1, 10000) AS n;
      INSERT INTO many.entries (session, seq, type, lease, entry)
        SELECT id, seq, 'note', gen_random_uuid(), '{}' FROM many.sessions, generate_series(1, 3) AS seq WHERE id LIKE 'other-%';
      ANALYZE many.sessions, many.entries`)
    const scans = async () => {
      await pool.query('SELECT pg_stat_force_next_flush()')
      const text = `SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'many' AND relname IN ('sessions', 'entries') ORDER BY 1`
      return (await pool.query(text)).rows
    }
    // One connection for all: each tells of what it did when it does something more.
    await Promise.all(Array.from({ length: 4 }, () => pool.query('SELECT pg_stat_force_next_flush()')))
    const before = await scans()
    const lease = await store.open('s')
    const controller = new AbortController()
    const following = (async () => {
      for await (const { seq } of store.follow!('s', 0, controller.signal)) if (seq === 2) controller.abort()
    })()
    await lease.append([
      { type: 'note', name: 'n' },
      { type: 'note', name: 'm' },
    ])
    await following
    for await (const _ of store.list!({ limit: 10 }));
    await lease.release()
    await store.delete!('s')
    await Promise.all(Array.from({ length: 4 }, () => pool.query('SELECT pg_stat_force_next_flush()')))
    expect(await scans()).toEqual(before)
  })

  it('reads what many come back for at once in a few statements, and says of each whether it is there', async () => {
    const pool = postgres.newPool()
    const store = postgresStore(pool, { schema: 'many_readers' })
    const lease = await store.open('s', { create: true })
    await lease.append(Array.from({ length: 300 }, (_, n) => ({ type: 'note', name: `n${n}` })))
    await lease.release()
    let statements = 0
    const counting = {
      options: pool.options,
      on: () => {},
      async connect() {
        const client = await pool.connect()
        statements++
        return client
      },
    }
    const readers = postgresStore(counting, { schema: 'many_readers' })
    const seqsOf = async (id: string, after: number) => {
      const seqs: number[] = []
      for await (const { seq } of readers.read(id, after)) seqs.push(seq)
      return seqs
    }
    await seqsOf('s', 299)
    statements = 0
    const [read, none, all] = await Promise.all([
      Promise.all(Array.from({ length: 99 }, (_, n) => seqsOf('s', 201 + n))),
      seqsOf('none', 0).catch((error) => error.code),
      seqsOf('s', Infinity),
    ])
    expect(read.map((seqs) => [seqs.length, seqs.at(-1)])).toEqual(Array.from({ length: 99 }, (_, n) => [99 - n, 300]))
    expect([none, all]).toEqual(['session_not_found', []])
    // Fifty and more go on, each by itself.
    expect(statements).toBeLessThan(60)
    expect((await seqsOf('s', 0)).length).toBe(300)
  })

  it('makes its tables once, however many processes begin at the same time', async () => {
    const stores = Array.from({ length: 4 }, () => postgresStore(postgres.newPool(), { schema: 'at_once' }))
    const leases = await Promise.all(stores.map((store, n) => store.open(`s${n}`, { create: true })))
    await Promise.all(leases.map((lease) => lease.release()))
  })

  it.each([
    [() => postgresStore({} as Pool), 'pool must be a Pool of pg: npm install pg'],
    [() => postgresStore(postgres.newPool(1)), 'pool must have a max of 2 at least: one connection listens.'],
    [() => postgresStore(postgres.newPool(), { schema: 'a"b' }), 'schema must be at most 48 lower-case letters'],
    [() => postgresStore(postgres.newPool(), { leaseMs: Number.NaN }), 'leaseMs must be more than 0.'],
    [() => postgresStore(postgres.newPool(), { reconnectMs: -1 }), 'reconnectMs must be 0 or more.'],
  ])('refuses options that are not usable', (make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(message) }))
  })
})
