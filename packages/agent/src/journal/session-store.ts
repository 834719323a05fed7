import type { Entry, NewEntry } from './entry.ts'

/**
 * Keeps journals: of each session a list of entries that only ever grows, at its end, by one writer at a time.
 *
 * `sessionStoreTests` of `@enjamb/testing` holds any store to this.
 */
export interface SessionStore {
  /**
   * Becomes the one who writes a session.
   *
   * @throws {SessionBusyError} somebody else does, and is alive
   * @throws {SessionNotFoundError} there is no such session, and `create` is not set
   * @throws {ConfigError} the id is none: 1 to 128 letters, digits, `_`, `-` and `.`, no `.` first
   */
  open(id: string, options?: OpenOptions): Promise<Lease>
  /**
   * What is in a journal now, from its beginning or after an entry.
   *
   * @throws {SessionNotFoundError} {@link JournalError}
   */
  read(id: string, after?: number): AsyncIterable<Entry>
  /** What is in it, and then each entry when it comes, whichever process wrote it, until the signal aborts. */
  follow?(id: string, after: number, signal: AbortSignal): AsyncIterable<Entry>
  /** Sessions, those that changed last first. */
  list?(query?: SessionQuery): AsyncIterable<SessionInfo>
  /**
   * Forgets a session. One that does not exist is forgotten already.
   *
   * @throws {SessionBusyError} somebody writes it
   */
  delete?(id: string): Promise<void>
  /** Bytes by their content: images, what files held before a change, long results. */
  readonly blobs: BlobStore
}

/** How a store is to open a session for writing. */
export interface OpenOptions {
  /** Makes a session that is not there yet. */
  create?: boolean | undefined
  /** Who opens it, in words for whoever finds it busy. */
  owner?: string | undefined
}

/** The right to write a session, held by one at a time. */
export interface Lease {
  /**
   * Adds entries, all or none of them: they are on the disk when this resolves. Gives the last one's place. An entry that has
   * a time keeps it.
   *
   * @throws {SessionLostError} somebody else has taken over; none of them is in the journal
   */
  append(entries: readonly NewEntry[]): Promise<number>
  /** Aborts when the lease is lost, with a {@link SessionLostError}. */
  readonly lost: AbortSignal
  /** Lets others write. What was being appended is finished first; a second call does nothing. */
  release(): Promise<void>
}

/** Which sessions to list. */
export interface SessionQuery {
  /** At most so many. */
  limit?: number | undefined
  /** Children of this one only. */
  parent?: string | undefined
}

/** A session, without opening it. */
export interface SessionInfo {
  id: string
  title?: string | undefined
  parent?: { id: string; seq: number } | undefined
  createdAt: Date
  updatedAt: Date
}

/** Bytes that are kept by their content; the same bytes twice are kept once. */
export interface BlobStore {
  /** Gives `sha256-` and the hash in hexadecimal. */
  put(bytes: Uint8Array): Promise<string>
  /** The bytes; `undefined` where there are none of that id. */
  get(id: string): Promise<Uint8Array | undefined>
}
