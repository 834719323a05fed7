import type { Entry, EntryBody } from './entry.ts'
import { createFold, type JournalState } from './fold.ts'
import type { Lease, SessionStore } from './session-store.ts'

/** A journal that is open for writing, and what its entries come to. */
export interface Journal {
  readonly state: Readonly<JournalState>
  /** Aborts when somebody else has taken over, with a `SessionLostError`. */
  readonly lost: AbortSignal
  /**
   * Adds facts; they are on the disk, and in the state, when it resolves.
   *
   * @throws {SessionLostError} {@link SessionStoreError} none of them is in the journal
   */
  append(...entries: EntryBody[]): Promise<void>
  release(): Promise<void>
}

/**
 * Becomes the writer of a session, and reads what is there.
 *
 * @param onEntry gets each entry that is added from here on, in order
 */
export async function openJournal(
  store: SessionStore,
  id: string,
  options: { create: boolean; owner?: string | undefined },
  onEntry: (entry: Entry) => void,
): Promise<Journal> {
  const lease = await store.open(id, options)
  try {
    const fold = createFold()
    for await (const entry of store.read(id)) fold.add(entry)
    return {
      state: fold.state,
      lost: lease.lost,
      release: () => lease.release(),
      append: appendTo(lease, fold.add, onEntry),
    }
  } catch (error) {
    await lease.release()
    throw error
  }
}

function appendTo(lease: Lease, add: (entry: Entry) => void, onEntry: (entry: Entry) => void): Journal['append'] {
  // Answers come in the order of the questions, so the state sees entries in the order of their places.
  return async (...entries) => {
    if (!entries.length) return
    const at = new Date().toISOString()
    // The same for those who are told now and those who read it later.
    const timed = entries.map((body) => ({ at, ...body }))
    const last = await lease.append(timed)
    for (const [n, body] of timed.entries()) {
      const entry: Entry = { v: 1, seq: last - entries.length + 1 + n, ...body }
      add(entry)
      onEntry(entry)
    }
  }
}
