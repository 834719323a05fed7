import type { DayRange, ReservedUsage, UsageCap, UsageCounts, UsageGrant, UsageTotals } from './usage-store.ts'

interface Day {
  reserved: number
  spent: number
  models: Map<string, UsageCounts>
}

/** What a ledger holds, as plain data: enough to go on from there. */
export interface LedgerState {
  days: (UsageCounts & { project: string; day: string; model: string })[]
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

const maxDays = 100
const maxExpired = 1_000

export function createLedger(): Ledger {
  const projects = new Map<string, Map<string, Day>>()
  const open = new Map<string, ReservedUsage>()
  const expired = new Map<string, ExpiredUsage>()

  function dayOf({ project, day }: { project: string; day: string }): Day {
    const days = projects.get(project) ?? new Map<string, Day>()
    projects.set(project, days)
    const found = days.get(day)
    if (found) return found
    const made: Day = { reserved: 0, spent: 0, models: new Map() }
    days.set(day, made)
    if (days.size - Number(days.has('')) <= maxDays) return made
    foldOldest(days)
    return days.get(day) ?? days.get('')!
  }

  function add(to: { project: string; day: string; model: string }, counts: UsageCounts, sign = 1): void {
    const day = dayOf(to)
    addCounts(day.models, to.model, counts, sign)
    day.spent += sign * counts.nanoUsd
  }

  function sum(project: string, { since, until }: DayRange, of: (day: Day) => number): number {
    let total = 0
    for (const [day, values] of projects.get(project) ?? []) if (day >= since && day <= until) total += of(values)
    return total
  }

  function close(reservation: ReservedUsage): void {
    // By what was reserved, whatever the one who settles believes.
    dayOf(reservation).reserved -= reservation.nanoUsd
    open.delete(reservation.id)
  }

  function fits({ project, nanoUsd }: ReservedUsage, cap: UsageCap | undefined): UsageGrant {
    if (!cap) return { granted: true, usedNanoUsd: 0 }
    const usedNanoUsd = sum(project, cap, ({ spent, reserved }) => spent + reserved)
    return { granted: usedNanoUsd + nanoUsd <= cap.nanoUsd, usedNanoUsd }
  }

  function keepOpen(reservation: ReservedUsage): void {
    open.set(reservation.id, reservation)
    dayOf(reservation).reserved += reservation.nanoUsd
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
    spent: (project, range) => sum(project, range, ({ spent }) => spent),
    settle(id, counts) {
      const held = open.get(id)
      const late = expired.get(id)
      if (held) close(held)
      if (late?.counts) add(late, late.counts, -1)
      expired.delete(id)
      const reservation = held ?? late
      if (reservation && counts) add(reservation, counts)
    },
    expire(id, spend) {
      const reservation = open.get(id)
      if (!reservation) return
      close(reservation)
      const counts = spend ? { ...noCounts, calls: 1, nanoUsd: reservation.nanoUsd } : undefined
      if (counts) add(reservation, counts)
      expired.set(id, { ...reservation, counts })
      if (expired.size > maxExpired) expired.delete(expired.keys().next().value!)
    },
    read(project, range) {
      const models = new Map<string, UsageCounts>()
      const reservedNanoUsd = sum(project, range, (day) => {
        for (const [model, counts] of day.models) addCounts(models, model, counts)
        return day.reserved
      })
      return { reservedNanoUsd, models: [...models].map(([model, counts]) => ({ model, ...counts })) }
    },
    restore(state) {
      for (const { project, day, model, ...counts } of state.days ?? []) add({ project, day, model }, counts)
      for (const reservation of state.open ?? []) keepOpen(reservation)
      for (const reservation of state.expired ?? []) expired.set(reservation.id, reservation)
    },
    state() {
      const days: LedgerState['days'] = []
      for (const [project, byDay] of projects) {
        for (const [day, { models }] of byDay) {
          for (const [model, counts] of models) days.push({ project, day, model, ...counts })
        }
      }
      return { days, open: [...open.values()], expired: [...expired.values()] }
    },
  }
}

export const noCounts: UsageCounts = {
  calls: 0,
  unpricedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheWriteTokens: 0,
  cacheReadTokens: 0,
  nanoUsd: 0,
}

function addCounts(models: Map<string, UsageCounts>, model: string, counts: UsageCounts, sign = 1): void {
  const total = models.get(model) ?? { ...noCounts }
  for (const name of Object.keys(noCounts) as (keyof UsageCounts)[]) total[name] += sign * counts[name]
  models.set(model, total)
}

/** Only sums of all time ask for days as old as these. */
function foldOldest(days: Map<string, Day>): void {
  const oldest = [...days.keys()].filter((day) => day).sort()[0]!
  const { reserved, spent, models } = days.get(oldest)!
  const rest = days.get('') ?? { reserved: 0, spent: 0, models: new Map<string, UsageCounts>() }
  rest.reserved += reserved
  rest.spent += spent
  for (const [model, counts] of models) addCounts(rest.models, model, counts)
  days.delete(oldest)
  days.set('', rest)
}
