import { sessionBusy } from '../errors/session-busy-error.ts'
import { sessionLost } from '../errors/session-lost-error.ts'
import { sessionNotFound } from '../errors/session-not-found-error.ts'
import { blobId } from './blob-id.ts'
import { checkSessionId } from './check-session-id.ts'
import type { Entry, NewEntry } from './entry.ts'
import { toSessionInfo } from './session-info.ts'
import type { SessionStore } from './session-store.ts'

interface Journal {
  /** As text, so that nobody can change what is written. */
  lines: string[]
  lastSeq: number
  holder: { owner?: string | undefined; since: Date } | undefined
  readers: Set<() => void>
}

/** Keeps journals for as long as this process lives: for tests, and for sessions that nobody goes on with. */
export function memoryStore(): SessionStore {
  const journals = new Map<string, Journal>()
  const blobs = new Map<string, Uint8Array>()

  function find(id: string): Journal {
    const journal = journals.get(id)
    if (!journal) throw sessionNotFound(id)
    return journal
  }

  async function* read(id: string, after = 0): AsyncGenerator<Entry, void> {
    for (const line of [...find(id).lines]) {
      const entry = JSON.parse(line) as Entry
      if (entry.seq > after) yield entry
    }
  }

  function busy(id: string, { owner, since }: NonNullable<Journal['holder']>) {
    return sessionBusy(id, { owner, since })
  }

  return {
    async open(id, { create, owner } = {}) {
      checkSessionId(id)
      const journal = create
        ? (journals.get(id) ?? { lines: [], lastSeq: 0, holder: undefined, readers: new Set() })
        : find(id)
      if (journal.holder) throw busy(id, journal.holder)
      journals.set(id, journal)
      const holder = { owner, since: new Date() }
      journal.holder = holder
      const lost = new AbortController()
      return {
        lost: lost.signal,
        async append(entries: readonly NewEntry[]) {
          if (journal.holder !== holder || journals.get(id) !== journal) {
            const error = sessionLost(id, 'its lease was released')
            lost.abort(error)
            throw error
          }
          const at = new Date().toISOString()
          const lines = entries.map((entry, n) => JSON.stringify({ v: 1, seq: journal.lastSeq + 1 + n, at, ...entry }))
          journal.lines.push(...lines)
          journal.lastSeq += lines.length
          for (const wake of journal.readers) wake()
          return journal.lastSeq
        },
        async release() {
          if (journal.holder === holder) journal.holder = undefined
        },
      }
    },
    read,
    async *follow(id, after, signal) {
      const journal = find(id)
      let seen = after
      while (!signal.aborted) {
        const { lastSeq } = journal
        for await (const entry of read(id, seen)) {
          if (signal.aborted) return
          seen = entry.seq
          yield entry
        }
        if (journal.lastSeq > lastSeq || signal.aborted) continue
        await new Promise<void>((resolve) => {
          const wake = () => {
            journal.readers.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          journal.readers.add(wake)
          signal.addEventListener('abort', wake)
        })
      }
    },
    async *list({ limit = Infinity, parent } = {}) {
      const infos = [...journals].flatMap(([id, { lines }]) => toSessionInfo(id, lines[0], lines.at(-1)) ?? [])
      infos.sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
      yield* infos.filter((info) => !parent || info.parent?.id === parent).slice(0, limit)
    },
    async delete(id) {
      const holder = journals.get(id)?.holder
      if (holder) throw busy(id, holder)
      journals.delete(id)
    },
    blobs: {
      async put(bytes) {
        const id = await blobId(bytes)
        if (!blobs.has(id)) blobs.set(id, bytes.slice())
        return id
      },
      get: async (id) => blobs.get(id)?.slice(),
    },
  }
}
