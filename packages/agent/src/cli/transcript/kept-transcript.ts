import { Buffer } from 'node:buffer'
import type { Entry, NoteEntry } from '../../journal/entry.ts'
import type { BlobStore } from '../../journal/session-store.ts'
import type { ModelCounts } from '../output/program-line.ts'

/** What the journal says of a run of the program: its note `claude`. */
export interface RunNote {
  /** Of the program. */
  session: string
  /** Where its transcript was. */
  path: string
  /** Blobs that make it up, one after the other: a run adds what is new. */
  transcript: string[]
  exitCode: number | null
  attempts: number
  version: string | null
  numTurns: number | null
  durationMs: number | null
  /** What this run cost, as the program says, in dollars. */
  costUsd: number | null
  /** What all runs of the session come to, as the program counts. */
  total: { costUsd: number; models: Readonly<Record<string, ModelCounts>> }
}

const noteName = 'claude'
const mostParts = 50

/**
 * The last run of a session, but for what it was rewound behind, which may be some runs since; and whether anything has been asked
 * after it.
 *
 * @param entries of its journal
 */
export async function lastRun(
  entries: AsyncIterable<Entry>,
): Promise<{ note: RunNote | undefined; isAnswerToLast: boolean; isRewound: boolean }> {
  let notes: { seq: number; note: RunNote }[] = []
  let asked = 0
  let isRewound = false
  for await (const entry of entries) {
    if (entry.type === 'prompt' && entry.refused === undefined) asked = entry.seq
    if (entry.type === 'rewind') {
      const left = notes.filter(({ seq }) => seq <= entry.to)
      isRewound ||= left.length < notes.length
      notes = left
    }
    if (entry.type !== 'note' || entry.name !== noteName) continue
    const note = entry.data as RunNote | undefined
    if (!Array.isArray(note?.transcript)) continue
    notes.push({ seq: entry.seq, note })
    isRewound = false
  }
  const { note, seq = 0 } = notes.at(-1) ?? {}
  return { note, isAnswerToLast: seq > asked, isRewound }
}

export function toNote(data: RunNote): NoteEntry {
  return { type: 'note', name: noteName, data }
}

/** The bytes of a transcript; `undefined` where the store has lost some of them. */
export async function keptTranscript(
  { transcript }: Pick<RunNote, 'transcript'>,
  blobs: BlobStore,
): Promise<Uint8Array | undefined> {
  const parts = await Promise.all(transcript.map((id) => blobs.get(id)))
  return parts.every((part) => part !== undefined) ? Buffer.concat(parts) : undefined
}

/** Keeps a transcript: of one that has grown, what is new. */
export async function keepTranscript(
  bytes: Uint8Array,
  before: { ids: readonly string[]; bytes: Uint8Array } | undefined,
  blobs: BlobStore,
): Promise<string[]> {
  const grown = before && before.ids.length < mostParts && beginsWith(bytes, before.bytes)
  if (grown && bytes.length === before.bytes.length) return [...before.ids]
  const added = await blobs.put(grown ? bytes.subarray(before.bytes.length) : bytes)
  return grown ? [...before.ids, added] : [added]
}

export function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && Buffer.compare(bytes.subarray(0, start.length), start) === 0
}
