import type { Entry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { pause } from './pause.ts'

/** How often to look where a store tells of nothing. */
const pollMs = 1_000

/** Entries as they come, whichever process writes them, until the signal aborts. */
export async function* followStore(
  store: SessionStore,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Entry, void> {
  if (store.follow) return yield* store.follow(id, after, signal)
  let seen = after
  while (!signal.aborted) {
    for await (const entry of store.read(id, seen)) {
      seen = entry.seq
      yield entry
    }
    await pause(pollMs, signal)
  }
}
