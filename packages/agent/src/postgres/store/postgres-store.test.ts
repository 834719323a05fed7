import { sessionStoreTests } from '@enjamb/testing'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Postgres, startPostgres } from '../../../../../test/start-postgres.ts'
import { postgresStore } from './postgres-store.ts'

let postgres: Postgres
const pools: Pool[] = []

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await postgres.stop()
})

function newPool(max = 4): Pool {
  const pool = new Pool({ connectionString: postgres.url, max })
  pools.push(pool)
  return pool
}

describe('the store in PostgreSQL', () => {
  for (const { name, run } of sessionStoreTests((storage) =>
    postgresStore(newPool(), { schema: `s_${storage.replaceAll('-', '_')}` }),
  )) {
    it(name, run)
  }
})
