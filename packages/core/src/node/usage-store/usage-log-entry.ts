import { noCounts } from '../../usage/ledger/day-sums.ts'
import type { ExpiredUsage, LedgerState } from '../../usage/ledger/ledger.ts'
import type { ReservedUsage, UsageCap, UsageCounts } from '../../usage/usage-store.ts'

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

type Shape = { readonly [field: string]: 'string' | 'number' | 'boolean' }

const reserved: Shape = { id: 'string', project: 'string', model: 'string', day: 'string', nanoUsd: 'number' }
const owned: Shape = { ...reserved, owner: 'string', at: 'string' }
const counted: Shape = Object.fromEntries(Object.keys(noCounts).map((name) => [name, 'number']))
const shapes: { readonly [type: string]: Shape } = {
  reserve: owned,
  settle: { id: 'string' },
  expire: { id: 'string', spend: 'boolean' },
  seal: {},
  sum: { project: 'string', day: 'string', model: 'string', ...counted },
  open: owned,
  expired: reserved,
}

/**
 * `undefined` for what is no entry: a line that a process did not finish, whatever was written onto its end, and what
 * somebody's editor left.
 */
export function parseEntry(line: string): UsageLogEntry | undefined {
  try {
    const entry = JSON.parse(line)
    const whole = hasShape(entry, shapes[entry.type]) && (!entry.counts || hasShape(entry.counts, counted))
    return whole ? entry : undefined
  } catch {
    return undefined
  }
}

function hasShape(value: { [field: string]: unknown }, shape: Shape | undefined): boolean {
  return shape !== undefined && Object.entries(shape).every(([field, type]) => typeof value[field] === type)
}
