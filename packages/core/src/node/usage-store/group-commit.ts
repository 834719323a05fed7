import type { UsageLog } from './usage-log.ts'
import type { UsageLogEntry } from './usage-log-entry.ts'

/**
 * Gives what must still be written, as the log stands. `finish` gives the result, and nothing to write; only its first
 * call counts.
 */
export type Question<T> = (finish: (value: T) => UsageLogEntry[]) => () => UsageLogEntry[]

interface Step {
  finished: boolean
  wants(): UsageLogEntry[]
  reject(error: unknown): void
}

/** Asks a log one thing after the other; what is asked while it is busy goes together. */
export function createGroupCommit(log: UsageLog): <T>(question: Question<T>) => Promise<T> {
  let waiting: Step[] = []
  let busy = false

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length) {
      const steps = waiting
      waiting = []
      try {
        await log.sync(() => unique(steps.filter(({ finished }) => !finished).flatMap((step) => step.wants())))
      } catch (error) {
        for (const step of steps) step.reject(error)
      }
    }
    busy = false
  }

  return (question) =>
    new Promise((resolve, reject) => {
      const step: Step = { finished: false, wants: () => [], reject }
      step.wants = question((value) => {
        step.finished = true
        resolve(value)
        return []
      })
      waiting.push(step)
      void work()
    })
}

/** Two that wait for the same money give up the same reservations. */
function unique(entries: UsageLogEntry[]): UsageLogEntry[] {
  const expiring = new Set<string>()
  return entries.filter((entry) => {
    if (entry.type !== 'expire') return true
    const first = !expiring.has(entry.id)
    expiring.add(entry.id)
    return first
  })
}
