import type { FileHandle } from 'node:fs/promises'
import type { JournalReader, LeasedEntry } from './journal-reader.ts'

const chunkBytes = 1 << 20

/**
 * Takes what is in a file and was not taken yet, and gives the entries.
 *
 * @param expected how many bytes there should be: where there are no more, one call of the system says so
 */
export async function readOn(file: FileHandle, reader: JournalReader, expected?: number): Promise<LeasedEntry[]> {
  const all: LeasedEntry[] = []
  if (expected && expected < chunkBytes) {
    const bytes = Buffer.allocUnsafe(expected + 1)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, reader.offset)
    all.push(...reader.take(bytes.subarray(0, bytesRead)))
    if (bytesRead < bytes.length) return all
  }
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
