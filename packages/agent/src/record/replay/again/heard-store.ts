import type { Entry } from '../../../journal/entry.ts'
import type { SessionStore } from '../../../journal/session-store.ts'

/** A store that tells what is written. */
export function heardStore(
  store: SessionStore,
  onWritten: (entries: readonly Entry[], lastSeq: number) => void,
): SessionStore {
  return {
    ...store,
    async open(id, options) {
      const { lost, append, release } = await store.open(id, options)
      return {
        lost,
        release,
        async append(entries) {
          const lastSeq = await append(entries)
          onWritten(entries as readonly Entry[], lastSeq)
          return lastSeq
        },
      }
    },
  }
}
