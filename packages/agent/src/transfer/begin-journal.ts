import type { NewEntry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'

/**
 * Makes a session of entries that another one had, all of them or none.
 *
 * @param exists makes the error where there is one of this id already
 */
export async function beginJournal(
  store: SessionStore,
  id: string,
  entries: readonly NewEntry[],
  exists: () => Error,
): Promise<void> {
  const lease = await store.open(id, { create: true })
  try {
    for await (const _ of store.read(id)) throw exists()
    await lease.append(entries)
  } finally {
    await lease.release()
  }
}
