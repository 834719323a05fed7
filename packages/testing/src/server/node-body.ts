import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeModule } from './node-module.ts'

/** Writes a body at the client's pace; rejects where the client leaves, or the body fails. */
export async function writeBody(
  body: ReadableStream<Uint8Array>,
  outgoing: NodeJS.WritableStream,
  signal: AbortSignal,
) {
  const reader = body.getReader()
  let abandon: (() => void) | undefined
  const leave = () => {
    abandon?.()
    reader.cancel().catch(() => {})
  }
  signal.addEventListener('abort', leave, { once: true })
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    signal.throwIfAborted()
    // Waiting for each chunk to leave keeps the client's pace, and lets a later cut lose nothing that was sent.
    await new Promise<void>((resolve, reject) => {
      abandon = () => reject(signal.reason)
      outgoing.write(value, (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** Lets each chunk through as it comes, compressed: a stream must not wait for more to compress. */
export function gzipInto(outgoing: ServerResponse): NodeJS.WritableStream {
  const zlib = nodeModule('node:zlib')
  const gzip = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH })
  gzip.pipe(outgoing)
  return gzip
}

/** A body up to one byte past the limit, which is enough to see that it is too long; the rest is read and dropped. */
export async function readIncoming(incoming: IncomingMessage, maxBodyBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    if (length <= maxBodyBytes) chunks.push(chunk)
    length += chunk.length
  }
  const whole = new Uint8Array(Math.min(length, maxBodyBytes + 1))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, whole.length - at), at)
    at += chunk.length
  }
  return whole
}
