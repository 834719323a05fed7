import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisProgram, startRedis } from '../../../../test/start-redis.ts'
import { always, costOf, expectSameAsInMemory, reservationOf } from '../../test/usage-store-steps.ts'
import { redisUsageStore } from './redis-usage-store.ts'

const connect = (path: string) =>
  createClient({ socket: { path, tls: false } })
    .on('error', () => {})
    .connect()

// Debian's packages have one: valkey-server or redis-server.
describe.skipIf(!redisProgram)('books in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let clients: Awaited<ReturnType<typeof connect>>[]
  beforeAll(async () => {
    redis = await startRedis()
    clients = await Promise.all([1, 2, 3].map(() => connect(redis.socket)))
  })
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await redis.stop()
  })

  it('come to what those in memory come to', () =>
    expectSameAsInMemory((run) => redisUsageStore(clients[0]!, { prefix: `random-${run}` })))

  it('grant no nano-dollar above a cap, to however many processes at once, and forget nothing in a crash', async () => {
    const stores = clients.map((client) => redisUsageStore(client, { prefix: 'cap' }))
    // So large that a number of Lua has more digits than it is written with.
    const unit = 100_000_000_000_003
    const cap = { ...always, nanoUsd: 40 * unit }
    await Promise.all(
      Array.from({ length: 90 }, async (_, n) => {
        const reserved = reservationOf(`r${n}`, unit + n)
        const { granted } = await stores[n % 3]!.reserve(reserved, cap)
        if (granted && n % 2) await stores[(n + 1) % 3]!.settle(reserved, costOf(unit - 300), always)
      }),
    )
    await redis.restart()
    const { reservedNanoUsd, models } = await stores[0]!.read('p', always)
    const used = reservedNanoUsd + models.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)
    expect(used).toBeGreaterThan(38 * unit)
    expect(used).toBeLessThanOrEqual(cap.nanoUsd)
    const rest = cap.nanoUsd - used
    expect(await stores[1]!.reserve(reservationOf('too much', rest + 1), cap)).toEqual({
      granted: false,
      usedNanoUsd: used,
    })
    expect(await stores[2]!.reserve(reservationOf('rest', rest), cap)).toEqual({ granted: true, usedNanoUsd: used })
  })

  it('count a call once, and hold what was never settled for spent when its time is over, until it is settled after all', async () => {
    const store = redisUsageStore(clients[0]!, { prefix: 'late' })
    const reserved = reservationOf('a', 50, { origin: { session: 's', turn: 3, attempt: 1 } })
    await Promise.all([store.reserve(reserved), store.reserve(reserved)])
    expect((await store.read('p', always)).reservedNanoUsd).toBe(50)
    const impatient = redisUsageStore(clients[1]!, { prefix: 'late', reservationTtlMs: 1e-9 })
    const whole = { ...costOf(50), inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 }
    while ((await impatient.read('p', always)).reservedNanoUsd);
    expect(await store.read('p', always)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...whole }] })
    const spent = await Promise.all(Array.from({ length: 4 }, () => store.settle(reserved, costOf(20), always)))
    expect(spent).toEqual([20, 20, 20, 20])
    expect(await store.read('p', always)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...costOf(20) }] })
  })

  it('are not there where the server is not', async () => {
    const store = redisUsageStore({ sendCommand: () => Promise.reject(new Error('Socket closed unexpectedly')) })
    await expect(store.reserve(reservationOf('a', 1))).rejects.toMatchObject({
      code: 'session_store',
      message: 'Money could not be set aside (Socket closed unexpectedly). See to Redis, then go on.',
    })
  })
})

it.each([
  [() => redisUsageStore({} as never), 'client must be a client of redis: npm install redis'],
  [() => redisUsageStore({ sendCommand: async () => 0 }, { prefix: '{' }), 'prefix must be a name without'],
  [
    () => redisUsageStore({ sendCommand: async () => 0 }, { reservationTtlMs: 0 }),
    'reservationTtlMs must be more than 0.',
  ],
])('refuses options that are not usable', (make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(message) }))
})
