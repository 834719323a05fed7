import type { FileHandle } from 'node:fs/promises'
import type { JournalReader, LeasedEntry } from './journal-reader.ts'

const chunkBytes = 1 << 20

/** Takes what is in a file and was not taken yet, and gives the entries. */
export async function readOn(file: FileHandle, reader: JournalReader): Promise<LeasedEntry[]> {
  const all: LeasedEntry[] = []
  for await (const entries of chunksOf(file, reader)) for (const entry of entries) all.push(entry)
  return all
}

/** The same, the entries of each piece of the file as it is read. */
export async function* chunksOf(file: FileHandle, reader: JournalReader): AsyncGenerator<LeasedEntry[], void> {
  const { size } = await file.stat()
  while (reader.offset < size) {
    const bytes = Buffer.allocUnsafe(Math.min(size - reader.offset, chunkBytes))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, reader.offset)
    if (!bytesRead) return
    yield reader.take(bytes.subarray(0, bytesRead))
  }
}
