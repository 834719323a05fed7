import type { DayRange, ReservedUsage, UsageCap, UsageCounts, UsageGrant, UsageTotals } from '../usage-store.ts'
import { addCounts, createDaySums, type DaySum, noCounts } from './day-sums.ts'

/** What a ledger holds, as plain data: enough to go on from there. */
export interface LedgerState {
  days: DaySum[]
  open: ReservedUsage[]
  expired: ExpiredUsage[]
}

/** A reservation that was given up, and that a late settlement may still reach. */
export interface ExpiredUsage extends ReservedUsage {
  /** What was put in its place when it expired. */
  counts?: UsageCounts | undefined
}

/**
 * The books themselves: sums of the days, and reservations that are open. Nothing here waits, so every step is atomic,
 * and the same steps in the same order give the same books.
 *
 * Memory: one entry for each project, model and day, of the newest 100 days with an entry; older ones are one. An entry
 * for each open reservation, none for a settled one.
 */
export interface Ledger {
  fits(reservation: ReservedUsage, cap: UsageCap | undefined): UsageGrant
  reserve(reservation: ReservedUsage, cap: UsageCap | undefined): UsageGrant
  /** Puts what it came to in the place of a reservation that is open, or expired. */
  settle(id: string, counts: UsageCounts | undefined): void
  /** Whether a settlement of this reservation would count. */
  holds(id: string): boolean
  /** What a project has spent in a range, in nano-dollars. */
  spent(project: string, range: DayRange): number
  /** Gives a reservation up, with `spend` as if its whole amount had been spent; a late settlement still counts. */
  expire(id: string, spend: boolean): void
  read(project: string, range: DayRange): UsageTotals
  readonly open: ReadonlyMap<string, ReservedUsage>
  state(): LedgerState
  /** Takes over what another ledger held; not meant for one that holds anything of it already. */
  restore(state: Partial<LedgerState>): void
}

const maxExpired = 1_000

export function createLedger(): Ledger {
  const sums = createDaySums()
  const open = new Map<string, ReservedUsage>()
  const expired = new Map<string, ExpiredUsage>()

  function fits({ project, nanoUsd }: ReservedUsage, cap: UsageCap | undefined): UsageGrant {
    if (!cap) return { granted: true, usedNanoUsd: 0 }
    const usedNanoUsd = sums.sum(project, cap, ({ spent, reserved }) => spent + reserved)
    return { granted: usedNanoUsd + nanoUsd <= cap.nanoUsd, usedNanoUsd }
  }

  function keepOpen(reservation: ReservedUsage): void {
    open.set(reservation.id, reservation)
    sums.reserve(reservation, reservation.nanoUsd)
  }

  function close(reservation: ReservedUsage): void {
    // By what was reserved, whatever the one who settles believes.
    sums.reserve(reservation, -reservation.nanoUsd)
    open.delete(reservation.id)
  }

  return {
    fits,
    open,
    reserve(reservation, cap) {
      const grant = fits(reservation, cap)
      if (grant.granted && !open.has(reservation.id)) keepOpen(reservation)
      return grant
    },
    holds: (id) => open.has(id) || expired.has(id),
    spent: (project, range) => sums.sum(project, range, ({ spent }) => spent),
    settle(id, counts) {
      const held = open.get(id)
      const late = expired.get(id)
      if (held) close(held)
      if (late?.counts) sums.add(late, late.counts, -1)
      expired.delete(id)
      const reservation = held ?? late
      if (reservation && counts) sums.add(reservation, counts)
    },
    expire(id, spend) {
      const reservation = open.get(id)
      if (!reservation) return
      close(reservation)
      const counts = spend ? { ...noCounts, calls: 1, nanoUsd: reservation.nanoUsd } : undefined
      if (counts) sums.add(reservation, counts)
      expired.set(id, { ...reservation, counts })
      if (expired.size > maxExpired) expired.delete(expired.keys().next().value!)
    },
    read(project, range) {
      const models = new Map<string, UsageCounts>()
      const reservedNanoUsd = sums.sum(project, range, (day) => {
        for (const [model, counts] of day.models) addCounts(models, model, counts)
        return day.reserved
      })
      return { reservedNanoUsd, models: [...models].map(([model, counts]) => ({ model, ...counts })) }
    },
    restore(state) {
      for (const { project, day, model, ...counts } of state.days ?? []) sums.add({ project, day, model }, counts)
      for (const reservation of state.open ?? []) keepOpen(reservation)
      for (const reservation of state.expired ?? []) expired.set(reservation.id, reservation)
    },
    state: () => ({ days: sums.all(), open: [...open.values()], expired: [...expired.values()] }),
  }
}
