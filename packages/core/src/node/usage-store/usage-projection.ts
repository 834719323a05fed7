import { createLedger, type Ledger } from '../../usage/ledger/ledger.ts'
import { isProcessGone } from './process-identity.ts'
import type { UsageLogOptions } from './usage-log.ts'
import type { OwnedReservation, UsageLogEntry } from './usage-log-entry.ts'

export interface UsageProjectionOptions {
  reservationTtlMs: number
  /** What is given up counts as spent. */
  spend: boolean
  now: () => number
}

/** What the log comes to. */
export interface UsageProjection extends Pick<UsageLogOptions, 'onEntry' | 'onReset' | 'summary'> {
  /** As of what was read last. */
  ledger(): Ledger
  /** Calls back when the reservation's settlement is met in the log, before any entry after it is. */
  onSettled(id: string, callback: () => void): void
  /** Entries that give up a project's reservations whose time or process is over. */
  abandoned(project: string): UsageLogEntry[]
}

export function createUsageProjection({ reservationTtlMs, spend, now }: UsageProjectionOptions): UsageProjection {
  let ledger = createLedger()
  // Of the ledger's open reservations, who made them, and when.
  const owned = new Map<string, OwnedReservation>()
  const settling = new Map<string, () => void>()

  function close(id: string): void {
    owned.delete(id)
    settling.get(id)?.()
    settling.delete(id)
  }

  return {
    ledger: () => ledger,
    onSettled: (id, callback) => void settling.set(id, callback),
    onReset() {
      ledger = createLedger()
      owned.clear()
    },
    onEntry(entry) {
      if (entry.type === 'reserve') {
        const { type: _, cap, ...reservation } = entry
        if (ledger.reserve(reservation, cap).granted) owned.set(entry.id, reservation)
      } else if (entry.type === 'settle') {
        ledger.settle(entry.id, entry.counts ?? undefined)
        close(entry.id)
      } else if (entry.type === 'expire') {
        ledger.expire(entry.id, entry.spend)
        owned.delete(entry.id)
      } else if (entry.type === 'open') {
        const { type: _, ...reservation } = entry
        ledger.restore({ open: [reservation] })
        owned.set(entry.id, reservation)
      } else if (entry.type === 'sum') ledger.restore({ days: [entry] })
      else if (entry.type === 'expired') ledger.restore({ expired: [entry] })
    },
    summary() {
      const { days, expired } = ledger.state()
      return [
        ...days.map((day) => ({ type: 'sum' as const, ...day })),
        ...[...owned.values()].map((reservation) => ({ type: 'open' as const, ...reservation })),
        ...expired.map((reservation) => ({ ...reservation, type: 'expired' as const })),
      ]
    },
    abandoned(project) {
      const gone = new Map<string, boolean>()
      const isOver = ({ owner, at }: OwnedReservation) => {
        if (Date.parse(at) + reservationTtlMs <= now()) return true
        if (!gone.has(owner)) gone.set(owner, isProcessGone(owner))
        return gone.get(owner)
      }
      return [...owned.values()]
        .filter((reservation) => reservation.project === project && isOver(reservation))
        .map(({ id }) => ({ type: 'expire', id, spend }))
    },
  }
}
