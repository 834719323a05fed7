import type { SessionStore } from '../journal/session-store.ts'
import { keptTranscript, lastRun } from './transcript/kept-transcript.ts'

/** The program's own record of a session, as JSON lines. */
export interface SessionTranscript {
  /** The program's id of the session: `claude --resume <id>` goes on with it. */
  session: string
  /** Where it was, on the machine that the program ran on last. */
  path: string
  bytes: Uint8Array
}

/**
 * The transcript that the program left after the last run of a session; `undefined` where it has not been run.
 *
 * @throws {SessionNotFoundError} {@link JournalError}
 */
export async function sessionTranscript(
  store: SessionStore,
  sessionId: string,
): Promise<SessionTranscript | undefined> {
  const { note } = await lastRun(store.read(sessionId))
  const bytes = note && (await keptTranscript(note, store.blobs))
  return bytes && { session: note.session, path: note.path, bytes }
}
