import { checkSessionId } from '../journal/check-session-id.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { beginJournal } from './begin-journal.ts'
import { copyEntries } from './copy-entries.ts'
import { alreadyThere } from './import-failures.ts'
import { readSessionFile } from './read-session-file.ts'

/** Options of {@link importSession}. */
export interface ImportOptions {
  /** What the session is to be called. Default as it was. */
  id?: string | undefined
  /** How much the file may hold, unpacked. Default 1 GiB. */
  maxBytes?: number | undefined
}

/**
 * Puts a session that was exported into a store, all of it or nothing, and gives its id. It goes on there as it would have where
 * it came from, calls that wait or that its process left open included: import files only of those whom you would let run your tools.
 *
 * @throws {SessionImportError} the file is damaged, too large, none of a session or of a later release; there is a session of this
 * id already
 * @throws {ConfigError} the id is none
 */
export async function importSession(
  store: SessionStore,
  bytes: Uint8Array,
  { id, maxBytes = 2 ** 30 }: ImportOptions = {},
): Promise<string> {
  if (id !== undefined) checkSessionId(id)
  const entries = await readSessionFile(bytes, maxBytes, store.blobs)
  const [head, ...rest] = entries
  const name = id ?? head.id
  await beginJournal(store, name, copyEntries([{ ...head, id: name }, ...rest]), () => alreadyThere(name))
  return name
}
