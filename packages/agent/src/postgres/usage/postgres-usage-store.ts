import { ConfigError, type UsageStore } from '@enjamb/core'
import { columnText } from '../column-text.ts'
import { checkPool, quoteSchema } from '../connection/check-options.ts'
import { createDatabase } from '../connection/database.ts'
import type { PostgresPool } from '../connection/postgres-pool.ts'
import { migrate } from '../schema/migrate.ts'
import { carrierKey, carriersOf } from './carriers.ts'
import { type Settlement, settleCall, toSettleValues } from './settlement.ts'

/** Options of {@link postgresUsageStore}. */
export interface PostgresUsageStoreOptions {
  /** Where its tables are, which it makes: that of the sessions, as a rule. Default `enjamb`. */
  schema?: string | undefined
  /** How long a reservation may stay open until it counts as spent, in milliseconds. Default 21,600,000: six hours. */
  reservationTtlMs?: number | undefined
  /** For how long a database that was there is waited for, in milliseconds; then calls fail. Default 30,000. */
  reconnectMs?: number | undefined
}

/**
 * Books in PostgreSQL: one budget for any number of processes, which is never exceeded, by however many at once. Each reservation is
 * one statement, and those of a project come one after the other.
 *
 * Where it has the pool and the schema of a `postgresStore`, what a session's reply has cost is entered **in the transaction that writes
 * the reply into the journal**: whenever a process is killed, both are there or neither is. Each reservation carries its session, turn and
 * attempt. What a process that died had set aside counts as spent, as nobody knows what it was billed, until somebody settles
 * it: `SELECT * FROM enjamb.usage_reservations WHERE given_up`.
 *
 * @throws {ConfigError} an option is not usable
 * @example
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL })
 * const meter = createUsageMeter({ store: postgresUsageStore(pool), budgets: { default: { usd: 50, period: 'day' } } })
 * const agent = createAgent({ client: createClient({ middleware: [meter.middleware] }), store: postgresStore(pool) })
 */
export function postgresUsageStore(
  pool: PostgresPool,
  { schema: name = 'enjamb', reservationTtlMs = 21_600_000, reconnectMs = 30_000 }: PostgresUsageStoreOptions = {},
): UsageStore {
  checkPool(pool)
  const schema = quoteSchema(name)
  if (!(reservationTtlMs > 0)) throw new ConfigError('reservationTtlMs must be more than 0.')
  const database = createDatabase({ pool, schema, reconnectMs, prepare: (pool) => migrate(pool, schema) })
  const carriers = carriersOf(pool)
  const carrierOf = (session: string | undefined) => carriers.get(carrierKey(schema, session ?? ''))

  async function settleAlone(settlement: Settlement): Promise<number> {
    const text = `SELECT ${settleCall(schema, 1)} AS spent`
    const [{ spent }] = await database.query(
      'What a call has cost could not be entered',
      text,
      toSettleValues(settlement),
    )
    return Number(spent)
  }

  return {
    async reserve({ id, project, model, day, nanoUsd, origin }, cap) {
      const text = `
        SELECT granted, used FROM ${schema}.usage_reserve(ROW($1::text, $2::text, $3::text, $4::text, $5::bigint, $6::text, $7::bigint,
          $8::integer, $9::uuid, clock_timestamp(), false)::${schema}.usage_reservations, $10, $11, $12)`
      const { session, turn, attempt } = origin ?? {}
      const [{ granted, used }] = await database.query('Money could not be set aside', text, [
        id,
        columnText(project),
        columnText(model),
        day,
        nanoUsd,
        session ?? null,
        turn ?? null,
        attempt ?? null,
        carrierOf(session)?.worker ?? null,
        cap?.since ?? null,
        cap?.until ?? null,
        cap?.nanoUsd ?? null,
      ])
      return { granted, usedNanoUsd: Number(used) }
    },
    async settle(reservation, counts, range) {
      const settlement = { reservation: { ...reservation, project: columnText(reservation.project) }, counts, range }
      // What has cost nothing belongs to no entry.
      const carrier = counts && carrierOf(reservation.origin?.session)
      return (await carrier?.carry(settlement)) ?? settleAlone(settlement)
    },
    async read(asked, { since, until }) {
      const project = columnText(asked)
      const doing = 'The usage could not be read'
      await database.query(doing, `SELECT ${schema}.usage_give_up($1, $2)`, [project, reservationTtlMs])
      const range = [project, since, until]
      const sums = `SELECT coalesce(sum(reserved), 0) AS reserved FROM ${schema}.usage_days WHERE project = $1 AND day BETWEEN $2 AND $3`
      const [{ reserved }] = await database.query(doing, sums, range)
      const rows = await database.query(
        doing,
        `SELECT model, sum(calls) AS calls, sum(unpriced_calls) AS unpriced_calls, sum(input_tokens) AS input_tokens,
          sum(output_tokens) AS output_tokens, sum(cache_write_tokens) AS cache_write_tokens,
          sum(cache_read_tokens) AS cache_read_tokens, sum(nano_usd) AS nano_usd
        FROM ${schema}.usage_models WHERE project = $1 AND day BETWEEN $2 AND $3 GROUP BY model ORDER BY model`,
        range,
      )
      return {
        reservedNanoUsd: Number(reserved),
        models: rows.map((row) => ({
          model: row.model,
          calls: Number(row.calls),
          unpricedCalls: Number(row.unpriced_calls),
          inputTokens: Number(row.input_tokens),
          outputTokens: Number(row.output_tokens),
          cacheWriteTokens: Number(row.cache_write_tokens),
          cacheReadTokens: Number(row.cache_read_tokens),
          nanoUsd: Number(row.nano_usd),
        })),
      }
    },
  }
}
