import { asConnectionError, type Exchange, IdleTimeoutError } from '@enjamb/core'
import type { Chunk } from './chunk.ts'

export interface ChunkReader {
  /** The next chunk, or what `onEnd` or `onError` make of the end; at once when the exchange is aborted, or silent too long. */
  read(idleTimeoutMs: number): Promise<Chunk | undefined>
  /** Gives the connection back. */
  close(): void
}

/** What a body's end, and its failure, come to. */
export interface ChunkReaderEnds {
  onEnd(): undefined
  onError(error: unknown): undefined
}

/** Reads a response's body, one chunk for one call: no reading ahead, and one promise for each chunk beside the body's own. */
export function createChunkReader(
  { response, signal, abort }: Exchange,
  { onEnd, onError }: ChunkReaderEnds,
): ChunkReader {
  const reader = response.body?.getReader()
  const idle = createIdleTimer((ms) =>
    abort(new IdleTimeoutError(`The stream was silent for ${ms} ms (idleTimeoutMs).`)),
  )
  const close = () => {
    idle.stop()
    // It settles a read that waits. A body that is closed has nothing to say about having been closed.
    reader?.cancel().catch(() => {})
  }
  signal.addEventListener('abort', close)

  const onFailure = (error: unknown) => {
    idle.rest()
    return onError(signal.aborted ? signal.reason : asConnectionError(error, response.url))
  }
  const onChunk = ({ value }: { value?: Uint8Array | undefined }) => {
    idle.rest()
    if (signal.aborted) return onFailure(undefined)
    return value ? { bytes: value } : onEnd()
  }
  return {
    close,
    read(idleTimeoutMs) {
      if (!reader || signal.aborted) return Promise.resolve({}).then(onChunk)
      idle.start(idleTimeoutMs)
      return reader.read().then(onChunk, onFailure)
    },
  }
}

/**
 * Calls `onIdle` when `start` was not followed by `rest` within its time. The platform's timer goes on over many starts
 * and is set again only when it fires too early: setting it for each chunk would cost as much as parsing the chunk.
 */
function createIdleTimer(onIdle: (ms: number) => void) {
  let limit = 0
  let since: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const check = () => {
    timer = undefined
    if (since === undefined) return
    const left = since + limit - performance.now()
    if (left > 0) timer = setTimeout(check, left)
    else onIdle(limit)
  }
  const stop = () => {
    since = undefined
    clearTimeout(timer)
    timer = undefined
  }
  return {
    stop,
    rest() {
      since = undefined
    },
    start(ms: number) {
      if (ms !== limit) stop()
      limit = ms
      since = performance.now()
      // 0 means for ever, and beyond 31 bits setTimeout fires at once.
      if (ms && ms < 2 ** 31) timer ??= setTimeout(check, ms)
    },
  }
}
