import { asConnectionError, type Exchange, IdleTimeoutError } from '@enjamb/core'

export interface ChunkReader {
  /** The next chunk; `undefined` at the body's end. Rejects at once when the exchange is aborted, or is silent too long. */
  read(idleTimeoutMs: number): Promise<Uint8Array | undefined>
  /** Gives the connection back. */
  close(): void
}

/** Reads a response's body, one chunk for one call: no reading ahead, and no timer while nobody waits. */
export function createChunkReader({ response, signal, abort }: Exchange): ChunkReader {
  const reader = response.body?.getReader()
  // A body that is closed has nothing to say about having been closed.
  const close = () => void reader?.cancel().catch(() => {})
  let fail = (_reason: unknown) => {}
  signal.addEventListener('abort', () => {
    fail(signal.reason)
    close()
  })
  return {
    close,
    read: (idleTimeoutMs) =>
      new Promise<Uint8Array | undefined>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const silent = () =>
          abort(new IdleTimeoutError(`The stream was silent for ${idleTimeoutMs} ms (idleTimeoutMs).`))
        // Beyond 31 bits setTimeout fires at once.
        const timer = idleTimeoutMs && idleTimeoutMs < 2 ** 31 ? setTimeout(silent, idleTimeoutMs) : undefined
        fail = (reason) => {
          clearTimeout(timer)
          reject(signal.aborted ? signal.reason : asConnectionError(reason, response.url))
        }
        if (!reader) return resolve(undefined)
        reader.read().then(({ value }) => {
          clearTimeout(timer)
          resolve(value)
        }, fail)
      }),
  }
}
