import { startTimer } from '@enjamb/core'
import type { PostgresPool } from '../connection/postgres-pool.ts'
import type { Settlement } from './settlement.ts'

/** A session that is written here, and takes settlements along. */
export interface Carrier {
  /** The process that reserves, as the database knows it. */
  readonly worker: string
  /**
   * Enters a settlement in the transaction that writes what the call was for.
   *
   * @returns what was spent with it; nothing where it was not taken along
   */
  carry(settlement: Settlement): Promise<number | undefined>
}

/** Settlements that wait for an entry. */
export interface Riders {
  carry: Carrier['carry']
  /** Those that wait, who wait no longer. */
  take(): Rider[]
}

interface Rider {
  settlement: Settlement
  /** @param spent nothing where it was not entered */
  arrive(spent?: number): void
}

/** The entry follows in the same turn of the event loop; where there is none, nobody is to wait for long. */
const longestMs = 1_000

export function createRiders(): Riders {
  let waiting: (Rider & { stop(): void })[] = []
  return {
    carry: (settlement) =>
      new Promise((resolve) => {
        const rider = {
          settlement,
          arrive: resolve,
          stop: startTimer(longestMs, () => {
            waiting = waiting.filter((other) => other !== rider)
            resolve(undefined)
          }),
        }
        waiting.push(rider)
      }),
    take() {
      const taken = waiting
      waiting = []
      for (const { stop } of taken) stop()
      // In one order for all, as each has the books of its project to itself then.
      const projectOf = ({ settlement }: Rider) => settlement.reservation.project
      return taken.sort((a, b) => (projectOf(a) < projectOf(b) ? -1 : 1))
    },
  }
}

const carriers = new WeakMap<PostgresPool, Map<string, Carrier>>()

/** By the schema and the session: how books and journals that share a pool find each other. */
export function carriersOf(pool: PostgresPool): Map<string, Carrier> {
  const found = carriers.get(pool) ?? new Map<string, Carrier>()
  carriers.set(pool, found)
  return found
}

export const carrierKey = (schema: string, session: string) => `${schema} ${session}`
