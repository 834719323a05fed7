import { Pool } from 'pg'
import { type Postgres, startPostgres } from '../../../test/start-postgres.ts'

/** A PostgreSQL for tests that need not end it: an empty database of the one that `DATABASE_URL` names, else one of its own. */
export async function findPostgres(): Promise<Pick<Postgres, 'url' | 'stop'>> {
  const { DATABASE_URL } = process.env
  if (!DATABASE_URL) return startPostgres()
  const name = `enjamb_${crypto.randomUUID().replaceAll('-', '')}`
  const ask = async (text: string) => {
    const pool = new Pool({ connectionString: DATABASE_URL })
    await pool.query(text)
    await pool.end()
  }
  await ask(`CREATE DATABASE ${name}`)
  return {
    url: DATABASE_URL.replace(/\/[^/?]*(\?|$)/, `/${name}$1`),
    stop: () => ask(`DROP DATABASE ${name}`),
  }
}
