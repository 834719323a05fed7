import type { ExpiredUsage, LedgerState } from '../usage/ledger.ts'
import type { ReservedUsage, UsageCap, UsageCounts } from '../usage/usage-store.ts'

/** A reservation as it stands in the log. */
export interface OwnedReservation extends ReservedUsage {
  /** The process that made it. */
  owner: string
  /** ISO 8601. */
  at: string
}

/**
 * One line of the log. A reservation that does not fit its cap where it stands was refused; a settlement counts where its
 * reservation is open or expired; what follows a seal counts nowhere. The lines before the first of these kinds, `sum`,
 * `open` and `expired`, carry over what an earlier log held.
 */
export type UsageLogEntry =
  | (OwnedReservation & { type: 'reserve'; cap?: UsageCap | undefined })
  | { type: 'settle'; id: string; counts: UsageCounts | null }
  | { type: 'expire'; id: string; spend: boolean }
  | { type: 'seal' }
  | ({ type: 'sum' } & LedgerState['days'][number])
  | (OwnedReservation & { type: 'open' })
  | (ExpiredUsage & { type: 'expired' })

const types: readonly unknown[] = ['reserve', 'settle', 'expire', 'seal', 'sum', 'open', 'expired']

/** `undefined` for what is no entry: a line that a process did not finish, and whatever was written onto its end. */
export function parseEntry(line: string): UsageLogEntry | undefined {
  try {
    const entry = JSON.parse(line) as UsageLogEntry
    return types.includes(Object(entry).type) ? entry : undefined
  } catch {
    return undefined
  }
}
