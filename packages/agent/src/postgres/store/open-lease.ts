import { sessionLost } from '../../errors/session-lost-error.ts'
import type { NewEntry } from '../../journal/entry.ts'
import type { Lease, OpenOptions } from '../../journal/session-store.ts'
import { createAppender } from './append-entries.ts'
import { type ClaimSettings, claimSession } from './claim-session.ts'
import type { Feed } from './feed.ts'
import type { HeldLease } from './worker.ts'

export interface LeaseSettings extends ClaimSettings {
  feed: Feed
}

interface Batch {
  entries: readonly NewEntry[]
  resolve(seq: number): void
  reject(error: unknown): void
}

/** Becomes the writer of a session. */
export async function openLease(settings: LeaseSettings, id: string, { create, owner }: OpenOptions): Promise<Lease> {
  const { database, worker, feed } = settings
  const lost = new AbortController()
  const appender = createAppender(database, id, await claimSession(settings, id, { create, owner }))
  let waiting: Batch[] = []
  let working: Promise<void> | undefined
  let released: Promise<void> | undefined

  function lose(why?: string): Error {
    const error = sessionLost(id, why)
    lost.abort(error)
    worker.drop(held)
    return error
  }

  const held: HeldLease = {
    id,
    get lease() {
      return appender.lease
    },
    lose: () => void lose(),
  }
  worker.hold(held)

  async function work(): Promise<void> {
    while (waiting.length) {
      const batches = waiting
      waiting = []
      try {
        if (lost.signal.aborted) throw lost.signal.reason
        let seq = appender.lastSeq
        const last = await appender.append(batches.flatMap(({ entries }) => entries))
        if (last === undefined) throw lose()
        for (const { entries, resolve } of batches) {
          seq += entries.length
          resolve(seq)
        }
        if (last) feed.tell(id, last)
      } catch (error) {
        if (Object(error).outcome === 'unknown') {
          lose('whether its last entries were written is not known')
          forsake()
        }
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
      worker.drop(held)
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
