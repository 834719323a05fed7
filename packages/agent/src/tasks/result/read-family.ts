import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import type { Entry } from '../../journal/entry.ts'
import type { SessionStore } from '../../journal/session-store.ts'

/** The journal of a session, and after it those of its sub-agents, however deep. */
export async function readFamily(store: SessionStore, id: string): Promise<{ own: Entry[]; all: Entry[] }> {
  const own: Entry[] = []
  const all: Entry[] = []
  const seen = new Set<string>()
  async function read(session: string): Promise<void> {
    if (seen.has(session)) return
    seen.add(session)
    const below: string[] = []
    try {
      for await (const entry of store.read(session)) {
        all.push(entry)
        if (session === id) own.push(entry)
        if (entry.type === 'spawn') below.push(entry.session)
      }
    } catch (error) {
      // One that a crash kept from beginning.
      if (!(error instanceof SessionNotFoundError)) throw error
    }
    for (const child of below) await read(child)
  }
  await read(id)
  return { own, all }
}
