import { sleep } from '../sleep.ts'

/** How a body misbehaves on its way. */
export interface BodyFaults {
  /** Wait before each chunk. */
  chunkDelayMs?: number | undefined
  /** Break after so many chunks. */
  cutAfterChunks?: number | undefined
  /** Break after so many bytes, in the middle of a chunk if need be. */
  cutAfterBytes?: number | undefined
}

/** A body that sends a chunk each time that it is asked for one, and breaks off where told to. */
export function faultyBody(
  chunks: Iterator<Uint8Array>,
  { chunkDelayMs = 0, cutAfterChunks = Infinity, cutAfterBytes = Infinity }: BodyFaults,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const stopped = new AbortController()
  const halted = AbortSignal.any([signal, stopped.signal])
  let sent = 0
  let bytes = 0
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    // The cut comes on the next pull: to fail now would throw away what is still queued.
    if (sent >= cutAfterChunks || bytes >= cutAfterBytes) return controller.error(cut())
    if (chunkDelayMs > 0) await sleep(chunkDelayMs, halted)
    signal.throwIfAborted()
    const { value, done } = chunks.next()
    if (done) return controller.close()
    const kept = value.subarray(0, cutAfterBytes - bytes)
    sent++
    bytes += kept.length
    controller.enqueue(kept)
  }
  return new ReadableStream({ pull, cancel: () => stopped.abort() }, { highWaterMark: 0 })
}

/** What `fetch` makes of a connection that broke. */
function cut(): TypeError {
  return new TypeError('terminated', { cause: new Error('the mock cut the connection, as its script says') })
}
