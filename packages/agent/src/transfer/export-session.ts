import type { SessionStore } from '../journal/session-store.ts'
import { blobIdsIn } from './blob-ids-in.ts'
import { type BlobHead, checksumOf, type FileEnd, type FileHead } from './session-file.ts'

/**
 * A session as one file, with the blobs of the store that its journal names: to be moved, kept or sent. Somebody may write the
 * session meanwhile; what is in the file is what there was.
 *
 * @throws {SessionNotFoundError} {@link JournalError}
 * @example
 * await writeFile('mail-42.enjamb', await exportSession(store, 'mail-42'))
 */
export async function exportSession(store: SessionStore, id: string): Promise<Uint8Array> {
  const parts = partsOf(store, id)
  const file = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
  const packed = file.pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

/** So many characters go to the compressor at once, which costs it more for each piece than for each byte. */
const batchChars = 65_536

async function* partsOf(store: SessionStore, id: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder()
  const lines: string[] = []
  let waiting: string[] = []
  let chars = 0
  const add = (line: FileHead | BlobHead | FileEnd | object) => {
    const text = `${JSON.stringify(line)}\n`
    lines.push(text)
    waiting.push(text)
    chars += text.length
  }
  const flush = () => {
    const bytes = encoder.encode(waiting.join(''))
    waiting = []
    chars = 0
    return bytes
  }

  add({ enjamb: 'session', v: 1, id })
  const named = new Set<string>()
  let entries = 0
  for await (const entry of store.read(id)) {
    add(entry)
    entries++
    for (const blob of blobIdsIn(entry)) named.add(blob)
    if (chars >= batchChars) yield flush()
  }
  for (const blob of named) {
    const bytes = await store.blobs.get(blob)
    if (!bytes) continue
    add({ blob, bytes: bytes.length })
    yield flush()
    yield bytes as Uint8Array<ArrayBuffer>
    yield encoder.encode('\n')
  }
  const checksum = await checksumOf(lines)
  add({ end: { entries, checksum } })
  yield flush()
}
