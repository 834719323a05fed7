import { sessionLost } from '../../errors/session-lost-error.ts'
import type { NewEntry } from '../../journal/entry.ts'
import type { Lease, OpenOptions } from '../../journal/session-store.ts'
import { type Carrier, carrierKey, createRiders } from '../usage/carriers.ts'
import { createAppender } from './append-entries.ts'
import { type ClaimSettings, claimSession } from './claim-session.ts'
import type { Feed } from './feed.ts'
import type { HeldLease } from './worker.ts'

export interface LeaseSettings extends ClaimSettings {
  feed: Feed
  carriers: Map<string, Carrier>
}

interface Batch {
  entries: readonly NewEntry[]
  resolve(seq: number): void
  reject(error: unknown): void
}

/** Entries that a request was paid for. */
const costs: ReadonlySet<string> = new Set(['reply', 'part', 'compaction'])

/** Becomes the writer of a session. */
export async function openLease(settings: LeaseSettings, id: string, { create, owner }: OpenOptions): Promise<Lease> {
  const { database, worker, feed, carriers } = settings
  const lost = new AbortController()
  const appender = createAppender(database, id, await claimSession(settings, id, { create, owner }))
  let waiting: Batch[] = []
  let working: Promise<void> | undefined
  let released: Promise<void> | undefined

  const riders = createRiders()
  const key = carrierKey(database.schema, id)
  const carrier: Carrier = { worker: worker.id, carry: riders.carry }

  function lose(why?: string): Error {
    const error = sessionLost(id, why)
    lost.abort(error)
    leave()
    return error
  }

  /** Those who wait for an entry wait for nothing. */
  function leave(): void {
    worker.drop(held)
    if (carriers.get(key) === carrier) carriers.delete(key)
    for (const rider of riders.take()) rider.arrive()
  }

  const held: HeldLease = {
    id,
    get lease() {
      return appender.formerLease ? undefined : appender.lease
    },
    lose: () => void lose(),
  }
  worker.hold(held)
  carriers.set(key, carrier)

  async function work(): Promise<void> {
    while (waiting.length) {
      const batches = waiting
      waiting = []
      const all = batches.flatMap(({ entries }) => entries)
      const taken = all.some(({ type }) => costs.has(type)) ? riders.take() : []
      try {
        if (lost.signal.aborted) throw lost.signal.reason
        let seq = appender.lastSeq
        const settlements = taken.map(({ settlement }) => settlement)
        const spent = await appender.append(all, settlements)
        if (!spent) throw lose()
        taken.forEach(({ arrive }, n) => {
          arrive(spent[n])
        })
        for (const { entries, resolve } of batches) {
          seq += entries.length
          resolve(seq)
        }
        if (all.length) feed.tell(id, seq)
      } catch (error) {
        if (Object(error).outcome === 'unknown') {
          lose('whether its last entries were written is not known')
          forsake()
        }
        for (const { arrive } of taken) arrive()
        for (const { reject } of batches) reject(error)
      }
    }
    working = undefined
  }

  /** Else others could not have it for as long as this process lives. */
  function forsake(): void {
    for (const lease of [appender.lease, appender.formerLease]) if (lease) worker.forsake({ id, lease })
  }

  async function release(): Promise<void> {
    await working
    if (lost.signal.aborted) return
    const text = `UPDATE ${database.schema}.sessions SET worker = NULL, lease = NULL, held_until = NULL WHERE id = $1 AND lease = $2`
    try {
      await database.query(`Session ${id} could not be given back`, text, [id, appender.lease])
    } catch (error) {
      forsake()
      throw error
    } finally {
      leave()
    }
  }

  return {
    lost: lost.signal,
    append: (entries) =>
      new Promise((resolve, reject) => {
        if (released) return reject(lose('its lease was released'))
        waiting.push({ entries, resolve, reject })
        // In the next step: what comes at the same time is one transaction.
        working ??= Promise.resolve().then(work)
      }),
    release: () => (released ??= release()),
  }
}
