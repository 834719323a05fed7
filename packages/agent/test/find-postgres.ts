import { Pool } from 'pg'
import { startPostgres } from '../../../test/start-postgres.ts'

export interface FoundPostgres {
  url: string
  newPool(max?: number): Pool
  /** Ends all pools, and removes what was made. */
  stop(): Promise<void>
}

/** A PostgreSQL for tests that need not end it: an empty database of the one that `DATABASE_URL` names, else one of its own. */
export async function findPostgres(): Promise<FoundPostgres> {
  const { url, stop } = await (process.env.DATABASE_URL ? makeDatabase(process.env.DATABASE_URL) : startPostgres())
  const pools: Pool[] = []
  return {
    url,
    newPool(max = 4) {
      const pool = new Pool({ connectionString: url, max })
      pools.push(pool)
      return pool
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()))
      await stop()
    },
  }
}

async function makeDatabase(server: string) {
  const name = `enjamb_${crypto.randomUUID().replaceAll('-', '')}`
  const ask = async (text: string) => {
    const pool = new Pool({ connectionString: server })
    await pool.query(text)
    await pool.end()
  }
  await ask(`CREATE DATABASE ${name}`)
  return { url: server.replace(/\/[^/?]*(\?|$)/, `/${name}$1`), stop: () => ask(`DROP DATABASE ${name}`) }
}
