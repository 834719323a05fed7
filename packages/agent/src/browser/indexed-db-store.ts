import { sessionBusy } from '../errors/session-busy-error.ts'
import { SessionLostError, sessionLost } from '../errors/session-lost-error.ts'
import { sessionNotFound } from '../errors/session-not-found-error.ts'
import { blobId } from '../journal/blob-id.ts'
import { checkSessionId } from '../journal/check-session-id.ts'
import type { Entry, NewEntry } from '../journal/entry.ts'
import { toSessionInfo } from '../journal/session-info.ts'
import type { Lease, OpenOptions, SessionStore } from '../journal/session-store.ts'
import { answer, createDatabase } from './database.ts'
import { type TabLock, takeLock } from './tab-lock.ts'
import { hearSignals, sendSignal } from './tab-signal.ts'

/** What is known of a session beside its entries. */
interface SessionRecord {
  id: string
  lastSeq: number
  /** The number of the newest lease: who has an older one may not write. */
  lease: number
  owner?: string | undefined
  since: Date
  /** The first entry and the last, as text. */
  first?: string | undefined
  last?: string | undefined
}

/** So many entries are read at once. */
const batchSize = 500

/**
 * Keeps sessions in the browser's database of this origin, so that a page that is loaded again goes on with them. One tab
 * writes a session at a time; a tab that is closed holds up nobody.
 *
 * It needs IndexedDB and the Web Locks API, so a secure context (https, or localhost).
 *
 * @param name of the database. Default `enjamb`.
 */
export function indexedDBStore(name = 'enjamb'): SessionStore {
  const { transact } = createDatabase(name)
  const channel = `enjamb:${name}`

  function find(id: string): Promise<SessionRecord> {
    return transact('readonly', async ({ sessions }) => {
      const record = await answer<SessionRecord | undefined>(sessions.get(id))
      if (!record) throw sessionNotFound(id)
      return record
    })
  }

  async function* read(id: string, after = 0): AsyncGenerator<Entry, void> {
    await find(id)
    for (let seen = after; ; ) {
      const range = IDBKeyRange.bound([id, seen], [id, Number.MAX_SAFE_INTEGER], true)
      const lines = await transact('readonly', ({ entries }) =>
        answer<{ seq: number; line: string }[]>(entries.getAll(range, batchSize)),
      )
      for (const { line } of lines) yield JSON.parse(line) as Entry
      if (lines.length < batchSize) return
      seen = lines.at(-1)!.seq
    }
  }

  /** @throws {SessionBusyError} another tab has the session */
  async function lockSession(id: string): Promise<TabLock> {
    const lock = await takeLock(`${channel}:${id}`)
    if (lock) return lock
    const { owner, since } = await find(id)
    throw sessionBusy(id, { owner, since })
  }

  function claim(id: string, { create, owner }: OpenOptions): Promise<number> {
    return transact('readwrite', async ({ sessions }) => {
      const found = await answer<SessionRecord | undefined>(sessions.get(id))
      if (!found && !create) throw sessionNotFound(id)
      const record = { id, lastSeq: 0, ...found, lease: (found?.lease ?? 0) + 1, owner, since: new Date() }
      await answer(sessions.put(record))
      return record.lease
    })
  }

  async function append(id: string, lease: number, bodies: readonly NewEntry[]): Promise<number> {
    const lastSeq = await transact('readwrite', async ({ sessions, entries }) => {
      const record = await answer<SessionRecord | undefined>(sessions.get(id))
      if (record?.lease !== lease) throw sessionLost(id)
      const at = new Date().toISOString()
      for (const body of bodies) {
        const line = JSON.stringify({ v: 1, seq: ++record.lastSeq, at, ...body })
        record.first ??= line
        record.last = line
        entries.put({ id, seq: record.lastSeq, line })
      }
      await answer(sessions.put(record))
      return record.lastSeq
    })
    sendSignal(channel, id)
    return lastSeq
  }

  function toLease(id: string, number: number, lock: TabLock): Lease {
    const lost = new AbortController()
    let released = false
    let last: Promise<unknown> = Promise.resolve()
    return {
      lost: lost.signal,
      append(bodies) {
        // What was asked for before is still written.
        const appended = released
          ? Promise.reject(sessionLost(id, 'its lease was released'))
          : last.then(() => append(id, number, bodies))
        last = appended.catch((error) => {
          if (error instanceof SessionLostError) lost.abort(error)
        })
        return appended
      },
      async release() {
        released = true
        await last
        lock.release()
      },
    }
  }

  return {
    async open(id, options = {}) {
      checkSessionId(id)
      const lock = await lockSession(id)
      try {
        return toLease(id, await claim(id, options), lock)
      } catch (error) {
        lock.release()
        throw error
      }
    },
    read,
    async *follow(id, after, signal) {
      const signals = hearSignals(channel, id, signal)
      let seen = after
      try {
        while (!signal.aborted) {
          const changed = signals.next()
          for await (const entry of read(id, seen)) {
            if (signal.aborted) return
            seen = entry.seq
            yield entry
          }
          if (!signal.aborted) await changed
        }
      } finally {
        signals.close()
      }
    },
    async *list({ limit = Infinity, parent } = {}) {
      const records = await transact('readonly', ({ sessions }) => answer<SessionRecord[]>(sessions.getAll()))
      const infos = records.flatMap(({ id, first, last }) => toSessionInfo(id, first, last) ?? [])
      infos.sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
      yield* infos.filter((info) => !parent || info.parent?.id === parent).slice(0, limit)
    },
    async delete(id) {
      const lock = await lockSession(id)
      try {
        await transact('readwrite', async ({ sessions, entries }) => {
          entries.delete(IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]))
          await answer(sessions.delete(id))
        })
      } finally {
        lock.release()
      }
    },
    blobs: {
      async put(bytes) {
        const id = await blobId(bytes)
        await transact('readwrite', ({ blobs }) => answer(blobs.put(bytes.slice(), id)))
        return id
      },
      get: (id) => transact('readonly', ({ blobs }) => answer<Uint8Array | undefined>(blobs.get(id))),
    },
  }
}
