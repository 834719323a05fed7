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
  let reader = response.body?.getReader()
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
  signal.addEventListener('abort', close)

  const onFailure = (error: unknown) => {
    since = undefined
    return onError(signal.aborted ? signal.reason : asConnectionError(error, response.url))
  }
  const onChunk = ({ value }: { value?: Uint8Array | undefined }) => {
    since = undefined
    if (signal.aborted) return onFailure(undefined)
    // All fields at once: one that comes later makes the object two.
    return value ? { bytes: value, events: undefined, next: undefined } : onEnd()
  }
  return {
    close,
    read(idleTimeoutMs) {
      if (!reader || signal.aborted) return Promise.resolve({}).then(onChunk)
      if (idleTimeoutMs !== limit) stopTimer()
      limit = idleTimeoutMs
      since = performance.now()
      // 0 means for ever, and beyond 31 bits setTimeout fires at once.
      if (limit && limit < 2 ** 31) timer ??= setTimeout(onTimer, limit)
      return reader.read().then(onChunk, onFailure)
    },
  }
}
