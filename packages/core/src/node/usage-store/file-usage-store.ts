import { ConfigError } from '../../errors/config-error.ts'
import type { UsageGrant, UsageStore, UsageTotals } from '../../usage/usage-store.ts'
import { createGroupCommit } from './group-commit.ts'
import { processIdentity } from './process-identity.ts'
import { createUsageLog } from './usage-log.ts'
import type { UsageLogEntry } from './usage-log-entry.ts'
import { createUsageProjection } from './usage-projection.ts'

/** How long the store waits for what other processes have begun. */
export interface FileUsageStoreOptions {
  /**
   * How long a reservation may stay open, in milliseconds. One whose process has ended is given up as soon as its money is
   * asked for, if that process ran on this machine. Default 21,600,000: six hours, longer than any call.
   */
  reservationTtlMs?: number | undefined
  /**
   * What becomes of a reservation that is given up: `release`, the default, counts it as nothing, and so may miss what a
   * killed process was billed for its last calls; `spend` counts all of it, and never misses anything. What the call
   * cost replaces either, if its process comes to say so after all.
   */
  abandoned?: 'release' | 'spend' | undefined
  /** The size from which a file is followed by a new one that begins with its sums, in bytes. Default 1 MiB. */
  maxBytes?: number | undefined
  /** Waits until the disk has each entry, which costs milliseconds: for books that a power cut must not touch. */
  fsync?: boolean | undefined
  /** Epoch milliseconds. Default `Date.now`. */
  now?: (() => number) | undefined
}

/**
 * Books in a directory that many processes of one machine share: JSON lines, readable by a person, in the newest of its
 * files. There is no lock: each entry is one append, and a process that is killed at any instant leaves at worst a line
 * that nobody counts. The directory is made if need be, and must be on a local file system: network ones do not keep
 * appends apart.
 *
 * A settlement is in the file before the call it is for returns, whoever has begun the next file meanwhile, so an answer
 * that somebody has seen is paid for, even if the process ends right then. An entry and its reading back take about a third of a millisecond; reservations of one
 * moment go together.
 *
 * @throws {ConfigError} an option is not usable. The functions of the store reject with one where the books are damaged: then
 * nothing is granted
 * @example
 * const meter = createUsageMeter({ store: fileUsageStore('./usage'), budgets: { default: { usd: 20, period: 'day' } } })
 */
export function fileUsageStore(directory: string, options: FileUsageStoreOptions = {}): UsageStore {
  const { reservationTtlMs = 21_600_000, abandoned = 'release', maxBytes = 1_048_576, fsync = false } = options
  const now = options.now ?? Date.now
  if (!directory) throw new ConfigError('directory must be a path.')
  if (!(reservationTtlMs > 0)) throw new ConfigError('reservationTtlMs must be more than 0.')
  if (!(maxBytes > 0)) throw new ConfigError('maxBytes must be more than 0.')
  if (abandoned !== 'release' && abandoned !== 'spend') throw new ConfigError('abandoned must be release or spend.')
  const owner = processIdentity()
  const createProjection = () => createUsageProjection({ reservationTtlMs, spend: abandoned === 'spend', now })
  const projection = createProjection()
  const summaryOf = (entries: UsageLogEntry[]) => {
    const { onEntry, summary } = createProjection()
    entries.forEach(onEntry)
    return summary()
  }
  const log = createUsageLog({ directory, maxBytes, fsync, ...projection, summaryOf })
  const commit = createGroupCommit(log)

  return {
    reserve: (reservation, cap) =>
      commit<UsageGrant>((finish) => () => {
        const grant = projection.ledger().fits(reservation, cap)
        if (projection.ledger().holds(reservation.id)) return finish({ ...grant, granted: true })
        const at = new Date(now()).toISOString()
        const entry: UsageLogEntry = { type: 'reserve', at, ...reservation, cap, owner }
        if (grant.granted) return [entry]
        const over = projection.abandoned(reservation.project)
        return over.length ? [...over, entry] : finish(grant)
      }),
    settle({ id, project }, counts, range) {
      const entry: UsageLogEntry = { type: 'settle', id, counts: counts ?? null }
      // Before the caller goes on, who may end the process with the answer in hand.
      log.writeNow(entry)
      return commit<number>((finish) => {
        const done = () => finish(projection.ledger().spent(project, range))
        projection.onSettled(id, done)
        return () => (projection.ledger().holds(id) ? [entry] : done())
      })
    },
    read: (project, range) =>
      commit<UsageTotals>((finish) => () => {
        const over = projection.abandoned(project)
        return over.length ? over : finish(projection.ledger().read(project, range))
      }),
  }
}
