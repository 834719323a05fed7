import { checkSessionId } from '../journal/check-session-id.ts'
import type { Entry, EntryHead, SessionEntry } from '../journal/entry.ts'
import { createFold } from '../journal/fold.ts'
import type { BlobStore } from '../journal/session-store.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import { damaged, fromFuture, noSession } from './import-failures.ts'
import { type BlobHead, checksumOf, type FileEnd, type FileHead } from './session-file.ts'

/** The entries of a session, the first of which says whose they are. */
export type SessionEntries = [EntryHead & SessionEntry, ...Entry[]]

/**
 * Reads a session's file. Its blobs go to the store as they come: they are kept by their content, so they harm nobody if
 * something is wrong further on.
 *
 * @throws {SessionImportError} it is damaged, too large, no such file, or of a later release
 */
export async function readSessionFile(packed: Uint8Array, maxBytes: number, blobs: BlobStore): Promise<SessionEntries> {
  const reader = createByteReader(packed, maxBytes)
  try {
    const first = await reader.line()
    const head = parseLine<FileHead>(first)
    if (head.enjamb !== 'session') throw noSession('it does not begin as one')
    if (head.v !== 1) throw fromFuture(head.v)
    return toEntries(await readLines(reader, blobs, first))
  } finally {
    await reader.cancel()
  }
}

/** The entries, once it is known that they are whole. */
async function readLines(reader: ByteReader, blobs: BlobStore, head: string): Promise<Entry[]> {
  const entries: Entry[] = []
  const all = [`${head}\n`]
  for (;;) {
    const text = await reader.line()
    const line = parseLine<Partial<BlobHead & FileEnd>>(text)
    if (line.end) {
      await reader.end()
      const { checksum } = line.end
      if (line.end.entries !== entries.length || checksum !== (await checksumOf(all))) throw damaged()
      return entries
    }
    all.push(`${text}\n`)
    if (line.blob === undefined) entries.push(line as Entry)
    else await readBlob(line as BlobHead, reader, blobs)
  }
}

async function readBlob({ blob, bytes }: BlobHead, reader: ByteReader, blobs: BlobStore): Promise<void> {
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw damaged()
  const content = await reader.take(bytes)
  if ((await blobs.put(content)) !== blob || (await reader.line())) throw damaged()
}

function toEntries(entries: readonly Entry[]): SessionEntries {
  let lastSeq = 0
  for (const entry of entries) {
    if (entry.v !== 1) throw fromFuture(entry.v)
    if (typeof entry.type !== 'string' || !(entry.seq > lastSeq)) throw noSession('what is in it are not its entries')
    if (!Number.isFinite(Date.parse(entry.at))) throw noSession('its entries have no times')
    lastSeq = entry.seq
  }
  checkFold(entries)
  const [head, ...rest] = entries
  if (head?.type !== 'session') throw noSession('its first entry does not say which it is')
  checkSessionId(head.id)
  return [head, ...rest]
}

/** What cannot be read as a session would throw whenever it is opened. */
function checkFold(entries: readonly Entry[]): void {
  const fold = createFold()
  try {
    for (const entry of entries) fold.add(entry)
  } catch (error) {
    throw noSession(`an entry of it makes no sense (${(error as Error).message})`)
  }
}

function parseLine<Line extends object>(text: string): Line {
  try {
    const line = Object(JSON.parse(text))
    // What is nested deeper than it can be written again could not be kept.
    JSON.stringify(line)
    return line
  } catch (error) {
    throw damaged(error)
  }
}
