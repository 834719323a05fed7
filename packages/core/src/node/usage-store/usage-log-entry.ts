import { ConfigError } from '../../errors/config-error.ts'
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

const carried = ['sum', 'open', 'expired']

/**
 * The entries of some lines, up to a seal. What is no entry counts nothing: a line that a process did not finish, whatever
 * was written onto its end, and what somebody's editor left.
 *
 * @throws {ConfigError} there is an entry that no process has written so: what the books come to is not known
 */
export function parseEntries(
  text: string,
  path: string,
): { entries: UsageLogEntry[]; sealed: boolean; carriedLength: number } {
  const entries: UsageLogEntry[] = []
  let carriedLength = 0
  for (const line of text.split('\n')) {
    const entry = line ? parseEntry(line) : undefined
    if (entry === 'damaged') throw new ConfigError(`directory must hold whole books: ${path} is damaged.`)
    if (entry?.type === 'seal') return { entries, sealed: true, carriedLength }
    if (!entry) continue
    if (carried.includes(entry.type)) carriedLength += line.length
    entries.push(entry)
  }
  return { entries, sealed: false, carriedLength }
}

export function isSeal(line: string): boolean {
  return line.includes('seal') && Object(parseEntry(line)).type === 'seal'
}

function parseEntry(line: string): UsageLogEntry | 'damaged' | undefined {
  let entry: UsageLogEntry
  try {
    entry = JSON.parse(line)
  } catch {
    // What an earlier file came to was written whole, or not at all.
    return /^\{"type":"(sum|open|expired)"/.test(line) ? 'damaged' : undefined
  }
  const shape = shapes[Object(entry).type]
  if (!shape) return undefined
  const counts = 'counts' in entry ? entry.counts : undefined
  return hasShape(entry, shape) && (!counts || hasShape(counts, counted)) ? entry : 'damaged'
}

function hasShape(value: object, shape: Shape): boolean {
  return Object.entries(shape).every(([field, type]) => {
    const found = (value as { [field: string]: unknown })[field]
    return typeof found === type && (type !== 'number' || (found as number) >= 0)
  })
}
