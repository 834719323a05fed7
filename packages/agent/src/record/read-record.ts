import { SessionNotFoundError } from '../errors/session-not-found-error.ts'
import type { Entry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'

/** A session's entries, and those of its sub-agents' sessions by their ids. */
export interface SessionRecord {
  entries: Entry[]
  children: Record<string, Entry[]>
}

/**
 * Reads a session with all that its sub-agents did, and theirs. One that the store has no longer is left out.
 *
 * @throws {SessionNotFoundError} there is no session of this id
 */
export async function readRecord(store: Pick<SessionStore, 'read'>, id: string): Promise<SessionRecord> {
  const entries = await readAll(store, id)
  const children = new Map<string, Entry[]>()
  const known = new Set([id])
  const left = spawnedBy(entries)
  for (let session = left.shift(); session !== undefined; session = left.shift()) {
    if (known.has(session)) continue
    known.add(session)
    try {
      const own = await readAll(store, session)
      children.set(session, own)
      left.push(...spawnedBy(own))
    } catch (error) {
      if (!(error instanceof SessionNotFoundError)) throw error
    }
  }
  return { entries, children: Object.fromEntries(children) }
}

async function readAll(store: Pick<SessionStore, 'read'>, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of store.read(id)) entries.push(entry)
  return entries
}

function spawnedBy(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'spawn' ? entry.session : []))
}
