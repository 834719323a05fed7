import type { Buffer } from 'node:buffer'
import { inflateSync } from 'node:zlib'

/** What the lists of objects inside a document may unpack to, in all. */
const maxUnpackedBytes = 64 * 1024 * 1024
const maxEntriesChars = 1_000
/** Each costs time, even where there is nothing in it. */
const maxLists = 5_000

/**
 * About how many pages a PDF has: the descriptions of pages in it, packed ones included. A document that was changed may
 * hold old ones too.
 *
 * @throws {Error} for the model: it unpacks to more than a document does
 * @see ISO 32000-1, 7.5.7 (object streams) and 7.7.3.3 (page objects)
 */
export function countPages(bytes: Buffer): number {
  const text = bytes.toString('latin1')
  let pages = pagesIn(text)
  let room = maxUnpackedBytes
  for (const start of packedAt(text)) {
    const unpacked = unpack(bytes.subarray(start), room)
    room -= unpacked.length
    pages += pagesIn(unpacked.toString('latin1'))
  }
  return pages
}

/** Where packed lists of objects start, a few entries behind the word that tells what they are. */
function packedAt(text: string): number[] {
  const starts: number[] = []
  const pattern = /stream\r?\n/g
  let stream = pattern.exec(text)
  for (const { index } of text.matchAll(/\/(?:ObjStm|XRef)\b/g)) {
    while (stream && stream.index < index) stream = pattern.exec(text)
    if (stream && stream.index < index + maxEntriesChars) starts.push(stream.index + stream[0].length)
  }
  return [...new Set(starts)].slice(0, maxLists)
}

function pagesIn(text: string): number {
  return text.match(/\/Type\s*\/Page\b/g)?.length ?? 0
}

/** What follows the packed bytes is passed over. */
function unpack(bytes: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Error('The PDF unpacks to more than can be looked through.')
    }
    // It is not packed, or in another way.
    return bytes.subarray(0, 0)
  }
}
