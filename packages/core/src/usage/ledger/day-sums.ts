import type { DayRange, UsageCounts } from '../usage-store.ts'

/** What one UTC day of a project came to. */
interface Day {
  /** Nano-dollars, as is `spent`. */
  reserved: number
  spent: number
  models: Map<string, UsageCounts>
}

/** What one model came to on one day of a project. */
export interface DaySum extends UsageCounts {
  project: string
  day: string
  model: string
}

type Place = Pick<DaySum, 'project' | 'day' | 'model'>

/** Sums by project, day and model: of the newest 100 days that have one each on its own, of all that are older together. */
export interface DaySums {
  /** @param sign -1 takes them out again */
  add(to: Place, counts: UsageCounts, sign?: number): void
  reserve(to: Place, nanoUsd: number): void
  /** Adds up what `of` takes from each day. */
  sum(project: string, range: DayRange, of: (day: Day) => number): number
  /** Without reservations. */
  all(): DaySum[]
}

const maxDays = 100

export const noCounts: UsageCounts = {
  calls: 0,
  unpricedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheWriteTokens: 0,
  cacheReadTokens: 0,
  nanoUsd: 0,
}

export function createDaySums(): DaySums {
  const projects = new Map<string, Map<string, Day>>()

  function dayOf({ project, day }: Place): Day {
    const days = projects.get(project) ?? new Map<string, Day>()
    projects.set(project, days)
    const found = days.get(day)
    if (found) return found
    const made: Day = { reserved: 0, spent: 0, models: new Map() }
    days.set(day, made)
    if (days.size - Number(days.has('')) <= maxDays) return made
    foldOldest(days)
    // It may have been the oldest itself.
    return days.get(day) ?? days.get('')!
  }

  return {
    add(to, counts, sign = 1) {
      const day = dayOf(to)
      addCounts(day.models, to.model, counts, sign)
      day.spent += sign * counts.nanoUsd
    },
    reserve(to, nanoUsd) {
      dayOf(to).reserved += nanoUsd
    },
    sum(project, { since, until }, of) {
      let total = 0
      for (const [day, values] of projects.get(project) ?? []) if (day >= since && day <= until) total += of(values)
      return total
    },
    all: () =>
      [...projects].flatMap(([project, days]) =>
        [...days].flatMap(([day, { models }]) =>
          [...models].map(([model, counts]) => ({ project, day, model, ...counts })),
        ),
      ),
  }
}

export function addCounts(models: Map<string, UsageCounts>, model: string, counts: UsageCounts, sign = 1): void {
  const total = models.get(model) ?? { ...noCounts }
  for (const name of Object.keys(noCounts) as (keyof UsageCounts)[]) total[name] += sign * counts[name]
  models.set(model, total)
}

/** Only sums of all time ask for days as old as these: they have the name that comes before all days. */
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
