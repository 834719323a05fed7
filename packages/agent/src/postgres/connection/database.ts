import { isEnjambError, startTimer } from '@enjamb/core'
import { SessionStoreError } from '../../errors/session-store-error.ts'
import { isConnectionLoss } from './connection-loss.ts'
import { connect, type PostgresClient, type PostgresPool } from './postgres-pool.ts'

/** How a statement failed. */
export interface StatementFailure {
  error: unknown
  /** The connection failed, and not the statement. */
  lost: boolean
  /** The server may have heard it; with `lost`, nobody knows what it made of it. */
  sent: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: rows have the columns that the statement names.
export type Rows = any[]

/** The way to a database: one statement at a time, each a transaction. */
export interface Database {
  /** The schema's name, quoted. */
  readonly schema: string
  /**
   * Runs a statement that may be run twice: while the database cannot be reached, it is tried again.
   *
   * @param doing for the error, as "The journal of session s could not be read"
   * @throws {SessionStoreError}
   */
  query(doing: string, text: string, values?: unknown[]): Promise<Rows>
  /** Runs a statement once. Rejects with a {@link StatementFailure}. */
  once(text: string, values?: unknown[]): Promise<Rows>
  /** Waits a moment for a database that was lost; gives false when that has lasted too long. */
  wait(since: number): Promise<boolean>
}

export interface DatabaseOptions {
  pool: PostgresPool
  /** Quoted. */
  schema: string
  /** How long a database may be away, in milliseconds. */
  reconnectMs: number
  /** Makes the tables, or sees that they are there. */
  prepare(pool: PostgresPool): Promise<void>
}

const retryMs = 100

export function createDatabase({ pool, schema, reconnectMs, prepare }: DatabaseOptions): Database {
  let ready: Promise<void> | undefined

  async function once(text: string, values: unknown[] = []): Promise<Rows> {
    let client: PostgresClient
    try {
      client = await connect(pool)
    } catch (error) {
      throw { error, lost: isConnectionLoss(error), sent: false } satisfies StatementFailure
    }
    let lost = false
    try {
      return (await client.query(text, values)).rows
    } catch (error) {
      lost = isConnectionLoss(error)
      throw { error, lost, sent: true } satisfies StatementFailure
    } finally {
      client.release(lost)
    }
  }

  async function beReady(doing: string): Promise<void> {
    ready ??= prepare(pool)
    try {
      await ready
    } catch (error) {
      ready = undefined
      throw isEnjambError(error) ? error : storeError(doing, { error, lost: isConnectionLoss(error), sent: false })
    }
  }

  async function wait(since: number): Promise<boolean> {
    if (performance.now() - since > reconnectMs) return false
    await new Promise<void>((resolve) => startTimer(retryMs, resolve))
    return true
  }

  return {
    schema,
    once,
    wait,
    async query(doing, text, values) {
      await beReady(doing)
      const since = performance.now()
      for (;;) {
        try {
          return await once(text, values)
        } catch (failure) {
          if (!(failure as StatementFailure).lost || !(await wait(since))) {
            throw storeError(doing, failure as StatementFailure)
          }
        }
      }
    },
  }
}

/** @param unknown nobody knows whether it was done */
export function storeError(doing: string, { error, lost }: StatementFailure, unknown = false): SessionStoreError {
  const why = String(Object(error).message || Object(error).code || error)
  const advice = unknown
    ? 'Whether it was done is not known: open the session again to see.'
    : `What was acknowledged is safe: see to the database${lost ? ' and its connection' : ''}, then go on.`
  return new SessionStoreError(`${doing} (${why}). ${advice}`, {
    cause: error,
    outcome: unknown ? 'unknown' : 'not_done',
  })
}
