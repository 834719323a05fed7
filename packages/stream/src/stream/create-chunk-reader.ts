import { asConnectionError, type Exchange, IdleTimeoutError, readerOf } from '@enjamb/core'
import type { Read } from './chunk.ts'

export interface ChunkReader {
  /**
   * The body's own promise: another one, for what `take` and `errorOf` make of it, would cost a tenth of all that is done
   * with a chunk of one event. It is settled at once when the exchange is aborted, or silent too long.
   */
  read(idleTimeoutMs: number): Promise<Read>
  /** The bytes that a read brought, to be called as soon as there are any; `undefined` at the end, and once closed. */
  take(read: Read): Uint8Array | undefined
  /** What it means that a read was rejected, or aborted. */
  errorOf(reason: unknown): unknown
  /** Gives the connection back. */
  close(): void
}

/** Reads a response's body, one chunk for one call: no reading ahead, and no promise beside the body's own. */
export function createChunkReader({ response, signal, abort }: Exchange): ChunkReader {
  let reader = readerOf(response)
  let limit = 0
  /** When the read began that still waits. */
  let since: number | undefined
  // It goes on over many reads, and is set again only when it fires too early: setting it for each chunk would cost as
  // much as parsing the chunk.
  let timer: ReturnType<typeof setTimeout> | undefined

  const onTimer = () => {
    timer = undefined
    if (since === undefined) return
    const left = since + limit - performance.now()
    if (left > 0) timer = setTimeout(onTimer, left)
    else abort(new IdleTimeoutError(`The stream was silent for ${limit} ms (idleTimeoutMs).`))
  }
  const stopTimer = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const close = () => {
    since = undefined
    stopTimer()
    // It settles a read that waits. A body that is closed has nothing to say about having been closed.
    reader?.cancel().catch(() => {})
    reader?.releaseLock()
    // A relay may still ask for more, when a reader beside it has found what was wrong: for it that is the end.
    reader = undefined
  }
  if (signal.aborted) close()
  signal.addEventListener('abort', close)

  return {
    close,
    read(idleTimeoutMs) {
      // An abort has closed it.
      if (!reader) return Promise.resolve({})
      if (idleTimeoutMs !== limit) stopTimer()
      limit = idleTimeoutMs
      since = performance.now()
      // 0 means for ever, and beyond 31 bits setTimeout fires at once.
      if (limit && limit < 2 ** 31) timer ??= setTimeout(onTimer, limit)
      return reader.read()
    },
    take({ value }) {
      since = undefined
      return reader && value
    },
    errorOf(reason) {
      since = undefined
      return signal.aborted ? signal.reason : asConnectionError(reason, response.url)
    },
  }
}
