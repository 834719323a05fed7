import { blobId } from '../journal/blob-id.ts'

/**
 * A session as one file. Compressed by gzip, it is lines of JSON: a {@link FileHead}, the entries as they are in the journal, and
 * for each blob a {@link BlobHead}, behind whose line come its bytes and a line feed. A {@link FileEnd} is the last line.
 */
export interface FileHead {
  enjamb: 'session'
  /** The form of the file. A reader that does not know it refuses it. */
  v: 1
  id: string
}

export interface BlobHead {
  blob: string
  bytes: number
}

export interface FileEnd {
  end: {
    entries: number
    /** Of all lines before this one. Blobs are held to their own names. */
    checksum: string
  }
}

/** @param lines each with its line feed */
export function checksumOf(lines: readonly string[]): Promise<string> {
  return blobId(new TextEncoder().encode(lines.join('')))
}
