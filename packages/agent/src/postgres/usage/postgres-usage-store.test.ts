import { createClient, createUsageMeter } from '@enjamb/core'
import { createMockServer } from '@enjamb/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FoundPostgres, findPostgres } from '../../../test/find-postgres.ts'
import { always, costOf, expectSameAsInMemory, reservationOf } from '../../../test/usage-store-steps.ts'
import { createAgent } from '../../create-agent.ts'
import { postgresStore } from '../store/postgres-store.ts'
import { postgresUsageStore } from './postgres-usage-store.ts'

let postgres: FoundPostgres

beforeAll(async () => {
  postgres = await findPostgres()
})
afterAll(() => postgres.stop())

describe('books in PostgreSQL', () => {
  it('come to what those in memory come to', async () => {
    const pool = postgres.newPool()
    await expectSameAsInMemory((run) => postgresUsageStore(pool, { schema: `random_${run}` }))
  })

  it('grant no nano-dollar above a cap, to however many processes at once', async () => {
    const stores = [postgres.newPool(), postgres.newPool(), postgres.newPool()].map((pool) =>
      postgresUsageStore(pool, { schema: 'cap' }),
    )
    const cap = { ...always, nanoUsd: 10_000 }
    const grants = await Promise.all(
      Array.from({ length: 90 }, async (_, n) => {
        const reserved = reservationOf(`r${n}`, 301 + n)
        const { granted } = await stores[n % 3]!.reserve(reserved, cap)
        if (granted && n % 2) await stores[(n + 1) % 3]!.settle(reserved, costOf(reserved.nanoUsd - 300), always)
        return granted ? reserved.nanoUsd : 0
      }),
    )
    const refused = grants.filter((granted) => !granted).length
    const { reservedNanoUsd, models } = await stores[0]!.read('p', always)
    const used = reservedNanoUsd + models.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)
    expect(refused).toBeGreaterThan(0)
    expect(used).toBeLessThanOrEqual(10_000)
    // To the last that fits.
    expect(await stores[1]!.reserve(reservationOf('too much', 10_001 - used), cap)).toEqual({
      granted: false,
      usedNanoUsd: used,
    })
    expect(await stores[2]!.reserve(reservationOf('rest', 10_000 - used), cap)).toEqual({
      granted: true,
      usedNanoUsd: used,
    })
  })

  it('count a call once, however often it is settled or reserved', async () => {
    const store = postgresUsageStore(postgres.newPool(), { schema: 'once' })
    const reserved = reservationOf('a', 50)
    await Promise.all([store.reserve(reserved), store.reserve(reserved)])
    expect((await store.read('p', always)).reservedNanoUsd).toBe(50)
    const spent = await Promise.all(Array.from({ length: 4 }, () => store.settle(reserved, costOf(20), always)))
    expect(spent).toEqual([20, 20, 20, 20])
    expect(await store.read('p', always)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...costOf(20) }] })
  })

  it('hold what was never settled for spent when its time is over, until it is settled after all', async () => {
    const pool = postgres.newPool()
    const store = postgresUsageStore(pool, { schema: 'late' })
    const reserved = reservationOf('a', 50, { origin: { session: 's', turn: 3, attempt: 1 } })
    await store.reserve(reserved)
    const impatient = postgresUsageStore(pool, { schema: 'late', reservationTtlMs: 1e-6 })
    const whole = { ...costOf(50), inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 }
    expect(await impatient.read('p', always)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...whole }] })
    const { rows } = await pool.query('SELECT session, turn, attempt FROM late.usage_reservations WHERE given_up')
    expect(rows).toEqual([{ session: 's', turn: '3', attempt: 1 }])
    expect(await store.settle(reserved, costOf(20), always)).toBe(20)
    expect(await store.read('p', always)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...costOf(20) }] })
  })

  it.each([true, false])(
    'take what a reply has cost in the transaction that writes it (streamed: %s)',
    async (stream) => {
      const schema = `together_${stream}`
      const pool = postgres.newPool()
      const server = await createMockServer()
      try {
        const meter = createUsageMeter({
          store: postgresUsageStore(pool, { schema }),
          budgets: { default: { usd: 10 } },
        })
        const client = createClient({ apiKey: 'k', baseURL: server.url, middleware: [meter.middleware] })
        const agent = createAgent({ model: 'sonnet', client, store: postgresStore(pool, { schema }) })
        const session = await agent.session({ id: 's' })
        const { cost } = await session.send('Hi', { stream }).final()
        await session.close()
        const { rows } = await pool.query(`
        SELECT e.type FROM ${schema}.entries AS e JOIN ${schema}.usage_models AS u ON e.xmin = u.xmin
        JOIN ${schema}.usage_days AS d ON e.xmin = d.xmin WHERE e.session = 's'`)
        expect(rows).toEqual([{ type: 'reply' }])
        expect((await meter.stats()).totalCost).toBe(cost?.usd)
      } finally {
        await server.close()
      }
    },
  )
})
