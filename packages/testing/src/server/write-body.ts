import type { ServerResponse } from 'node:http'
import type { BodyPart } from '../stream/body-part.ts'
import { sleep } from '../stream/sleep.ts'
import { nodeModule } from './node-module.ts'
import type { Gone } from './read-incoming.ts'

/** What takes bytes on their way out: the response itself, or what compresses for it. */
export type Sink = ServerResponse | import('node:zlib').Gzip

/**
 * Writes a body, as much as the client takes. Parts that are there at once leave together, each still a chunk of its own.
 *
 * @param flush sends what was said before the body
 * @returns whether the body came to its end, rather than to a cut
 */
export async function writeBody(
  body: Iterable<BodyPart> | AsyncIterable<Uint8Array>,
  sink: Sink,
  gone: Gone,
  flush: () => void,
): Promise<boolean> {
  const parts = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]()
  if (Symbol.asyncIterator in body) flush()
  try {
    for (;;) {
      const next = parts.next()
      const { value: part, done } = next instanceof Promise ? await next : next
      if (done) return true
      if (typeof part === 'string' || part instanceof Uint8Array) {
        if (sink.destroyed) throw new Error('The client went away.')
        if (!sink.write(part)) await drained(sink, gone.signal)
      } else if ('cut' in part) {
        return false
      } else {
        // Headers and what was written must not wait with it.
        flush()
        await sleep(part.waitMs, gone.signal)
      }
    }
  } finally {
    // Where it is stopped half way, whoever makes the body has to know.
    await parts.return?.()
  }
}

/** Lets each chunk through as it comes, compressed: a stream must not wait for more to compress. */
export function gzipInto(outgoing: ServerResponse): import('node:zlib').Gzip {
  const zlib = nodeModule('node:zlib')
  const gzip = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH })
  gzip.pipe(outgoing)
  return gzip
}

function drained(sink: Sink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const stop = () => {
      sink.off('drain', go)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    sink.once('drain', go)
  })
}
