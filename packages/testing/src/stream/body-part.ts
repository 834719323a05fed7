import type { Bytes } from '../bytes.ts'
import { sleep } from './sleep.ts'

/** A piece of a body, a silence, or the end of the connection. */
export type BodyPart = string | Bytes | { waitMs: number } | { cut: true }

const encoder = new TextEncoder()

/** A body that goes on to its next part each time that it is asked for more. */
export function bodyOf(parts: Iterator<BodyPart>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const stopped = new AbortController()
  const halted = AbortSignal.any([signal, stopped.signal])
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    for (;;) {
      signal.throwIfAborted()
      const { value: part, done } = parts.next()
      if (done) return controller.close()
      // Nothing is queued here: a chunk is only asked for when the one before it has been taken.
      if (typeof part === 'string') return controller.enqueue(encoder.encode(part))
      if (part instanceof Uint8Array) return controller.enqueue(part)
      if ('cut' in part) return controller.error(cut())
      await sleep(part.waitMs, halted)
    }
  }
  return new ReadableStream({ pull, cancel: () => stopped.abort() }, { highWaterMark: 0 })
}

/** What `fetch` makes of a connection that broke. */
function cut(): TypeError {
  return new TypeError('terminated', { cause: new Error('the mock cut the connection, as its script says') })
}
