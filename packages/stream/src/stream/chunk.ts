import type { EventRun } from '../events/event-run.ts'

/** What a body gives for one read. */
export type Read = { value?: Uint8Array | undefined }

/**
 * One network chunk, and the way to the next. Whoever holds a chunk can walk on from there, so that one body serves
 * several readers, and what nobody holds any more is free.
 */
export interface Chunk {
  bytes?: Uint8Array | undefined
  runs?: EventRun[] | undefined
  /** What was wrong after the last of `runs`. */
  error?: unknown
  /** The read that brings what follows, from when it is asked for. */
  read?: Promise<Read> | undefined
  /** What it brought. */
  next?: Chunk | undefined
}
