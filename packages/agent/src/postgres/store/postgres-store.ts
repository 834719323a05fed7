import { ConfigError } from '@enjamb/core'
import { checkSessionId } from '../../journal/check-session-id.ts'
import type { SessionStore } from '../../journal/session-store.ts'
import { checkPool, quoteSchema } from '../connection/check-options.ts'
import { createDatabase } from '../connection/database.ts'
import type { PostgresPool } from '../connection/postgres-pool.ts'
import { migrate } from '../schema/migrate.ts'
import { carriersOf } from '../usage/carriers.ts'
import { claimSession } from './claim-session.ts'
import { createFeed } from './feed.ts'
import { createNewsReader } from './news-reader.ts'
import { openLease } from './open-lease.ts'
import { postgresBlobs } from './postgres-blobs.ts'
import { followEntries, readEntries } from './read-entries.ts'
import { createWorker } from './worker.ts'

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** Where its tables are, which it makes. Lower-case letters, digits and `_`. Default `enjamb`. */
  schema?: string | undefined
  /**
   * How long a process may be silent until others may take over its sessions, in milliseconds, by the database's clock. One that
   * has ended on the same machine is noticed at once. Default 15,000.
   */
  leaseMs?: number | undefined
  /**
   * For how long a database that was there, and restarts say, is waited for, in milliseconds; then calls fail. Default 30,000.
   */
  reconnectMs?: number | undefined
}

/**
 * Keeps sessions in PostgreSQL, for any number of processes on any number of machines. What was acknowledged is committed.
 *
 * One process writes a session at a time: each append is one statement, which writes only where its lease still holds. While this
 * process holds or follows sessions, one connection of the pool is kept for that, whatever their number. Where a connection is lost in the
 * middle of a commit, the store reads back what came of it; where even that cannot be done, the error's `outcome` is `unknown`.
 *
 * The tables are to be read by SQL, too: `SELECT * FROM enjamb.journal WHERE session = '…' ORDER BY seq`.
 *
 * @param pool of the package `pg`, for two connections at least; it stays yours, to be ended after the sessions were closed
 * @throws {ConfigError} an option is not usable. Its functions reject with a `SchemaVersionError` where a later release has
 * made the tables
 * @example
 * const agent = createAgent({ model: 'sonnet', store: postgresStore(new Pool({ connectionString: process.env.DATABASE_URL })) })
 */
export function postgresStore(
  pool: PostgresPool,
  { schema: name = 'enjamb', leaseMs = 15_000, reconnectMs = 30_000 }: PostgresStoreOptions = {},
): SessionStore {
  checkPool(pool)
  if (Number(pool.options?.max) < 2) {
    throw new ConfigError('pool must have a max of 2 at least: one connection listens.')
  }
  const schema = quoteSchema(name)
  if (!(leaseMs > 0)) throw new ConfigError('leaseMs must be more than 0.')
  if (!(reconnectMs >= 0)) throw new ConfigError('reconnectMs must be 0 or more.')
  const database = createDatabase({ pool, schema, reconnectMs, prepare: (pool) => migrate(pool, schema) })
  const worker = createWorker(database, () => feed.link, leaseMs)
  const feed = createFeed(pool, database, worker.onUp)
  const news = createNewsReader(database)

  return {
    async open(id, options = {}) {
      checkSessionId(id)
      return openLease({ database, worker, feed, leaseMs, carriers: carriersOf(pool) }, id, options)
    },
    read: (id, after = 0) => readEntries(database, news, id, after),
    follow: (id, after, signal) => followEntries(news, feed, { id, after, signal }),
    async *list({ limit, parent } = {}) {
      const text = `
        SELECT id, title, parent, parent_seq, created_at, updated_at FROM ${schema}.sessions
        WHERE last_seq > 0 AND ($2::text IS NULL OR parent = $2) ORDER BY updated_at DESC LIMIT $1`
      const most = limit === undefined || limit === Infinity ? null : limit
      const rows = await database.query('The sessions could not be listed', text, [most, parent ?? null])
      for (const row of rows) {
        yield {
          id: row.id,
          title: row.title ?? undefined,
          parent: row.parent === null ? undefined : { id: row.parent, seq: Number(row.parent_seq) },
          createdAt: row.created_at,
          updatedAt: row.updated_at,
        }
      }
    },
    async delete(id) {
      const claim = await claimSession({ database, worker, leaseMs }, id, {}).catch((error) => {
        if (error.code !== 'session_not_found') throw error
      })
      if (!claim) return
      try {
        const text = `DELETE FROM ${schema}.sessions WHERE id = $1 AND lease = $2`
        await database.query(`Session ${id} could not be deleted`, text, [id, claim.lease])
      } catch (error) {
        worker.forsake({ id, lease: claim.lease })
        throw error
      }
    },
    blobs: postgresBlobs(database),
  }
}
