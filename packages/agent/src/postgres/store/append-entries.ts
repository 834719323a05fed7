import type { Entry, NewEntry, SessionEntry } from '../../journal/entry.ts'
import { columnText } from '../column-text.ts'
import { type Database, type StatementFailure, storeError } from '../connection/database.ts'
import { type Settlement, settleArguments, settleCall, toSettleValues } from '../usage/settlement.ts'

/** Adds to a journal, as long as nobody else has taken it over. */
export interface Appender {
  /** What the session is held by. */
  readonly lease: string
  /** What it was held by before, where nobody knows which of the two it is. */
  readonly formerLease: string | undefined
  readonly lastSeq: number
  /**
   * Adds entries, and with them enters settlements, all or none.
   *
   * @returns what was spent with each settlement, where that is known; nothing where the session was taken over, and none of it is there
   * @throws {SessionStoreError} its `outcome` says whether it may have been done
   */
  append(entries: readonly NewEntry[], settlements: readonly Settlement[]): Promise<number[] | undefined>
}

export function createAppender(database: Database, id: string, start: { lease: string; lastSeq: number }): Appender {
  const { schema } = database
  let { lease, lastSeq } = start
  let formerLease: string | undefined
  const doing = `The journal of session ${id} could not be written`

  // One statement, hence one transaction. It waits for whoever is at the session's row, and then finds its lease there or not.
  const addition = (settlements: readonly Settlement[]) => `
    WITH held AS (
      UPDATE ${schema}.sessions SET last_seq = last_seq + $4, updated_at = clock_timestamp(),
        title = coalesce($8, title), parent = coalesce($9, parent), parent_seq = coalesce($10, parent_seq)
      WHERE id = $1 AND lease = $2 AND last_seq = $3 RETURNING id
    ), added AS (
      INSERT INTO ${schema}.entries (session, seq, type, at, lease, entry)
      SELECT held.id, $3 + e.n, e.type, e.at, $2, e.entry FROM held, ROWS FROM (
        json_array_elements($5::json), unnest($6::text[]), unnest($7::timestamptz[])
      ) WITH ORDINALITY AS e(entry, type, at, n)
    )
    SELECT ${['id', ...settlements.map((_, n) => `${settleCall(schema, 11 + n * settleArguments)} AS spent_${n}`)].join()}
    FROM held`

  /**
   * Whether it was written, after a connection was lost on the way. What is still on the way then comes too late: it is held by
   * another lease.
   */
  async function lookBack(failure: StatementFailure, last: number): Promise<boolean | undefined> {
    const former = lease
    formerLease = former
    lease = crypto.randomUUID()
    try {
      const text = `UPDATE ${schema}.sessions SET lease = $3 WHERE id = $1 AND lease IN ($2, $3) RETURNING last_seq`
      const [mine] = await database.query(doing, text, [id, former, lease])
      const found = `SELECT FROM ${schema}.entries WHERE session = $1 AND seq = $2 AND lease = $3`
      const written = mine
        ? Number(mine.last_seq) === last
        : (await database.query(doing, found, [id, last, former])).length > 0 || undefined
      formerLease = undefined
      return written
    } catch {
      throw storeError(doing, failure, true)
    }
  }

  return {
    get lease() {
      return lease
    },
    get formerLease() {
      return formerLease
    },
    get lastSeq() {
      return lastSeq
    },
    async append(entries, settlements) {
      if (!entries.length) return []
      const last = lastSeq + entries.length
      const text = addition(settlements)
      const values = [...toColumns(entries, lastSeq), ...settlements.flatMap(toSettleValues)]
      const since = performance.now()
      for (;;) {
        try {
          const [held] = await database.once(text, [id, lease, lastSeq, ...values])
          if (!held) return undefined
          lastSeq = last
          return settlements.map((_, n) => Number(held[`spent_${n}`]))
        } catch (thrown) {
          const failure = thrown as StatementFailure
          if (failure.lost && failure.sent) {
            const written = await lookBack(failure, last)
            if (written === undefined) return undefined
            if (!written) continue
            lastSeq = last
            return []
          }
          if (!failure.lost || !(await database.wait(since))) throw storeError(doing, failure)
        }
      }
    },
  }
}

function toColumns(entries: readonly NewEntry[], lastSeq: number): unknown[] {
  const at = new Date().toISOString()
  const whole = entries.map((entry, n): Entry => ({ v: 1, seq: lastSeq + 1 + n, at, ...entry }))
  const { title, parent } = whole.find((entry): entry is Entry & SessionEntry => entry.type === 'session') ?? {}
  return [
    whole.length,
    JSON.stringify(whole),
    whole.map(({ type }) => columnText(type)),
    // What was brought along may be no time.
    whole.map(({ at }) => (Number.isNaN(Date.parse(at)) ? null : new Date(at))),
    title === undefined ? null : columnText(title),
    parent?.id ?? null,
    parent?.seq ?? null,
  ]
}
