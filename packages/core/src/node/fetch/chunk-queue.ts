import type { BodyReader } from '../../http/answer/body-reader.ts'

/** Where chunks come from. */
export interface ChunkSource {
  /** Goes on, after a `push` that was told there is no room. */
  resume(): void
  /** Ends it: nobody wants more. */
  stop(reason: unknown): void
}

type Read = { done: boolean; value: Uint8Array | undefined }

/** What is held of a body that nobody reads before its connection is told to wait, in bytes. */
const highWaterMark = 65_536

/** The chunks of a body between the connection that brings them and whoever reads them. */
export class ChunkQueue implements BodyReader {
  readonly #source: ChunkSource
  readonly #chunks: Uint8Array[] = []
  readonly #waiting: { resolve(read: Read): void; reject(error: unknown): void }[] = []
  #bytes = 0
  #paused = false
  #ended = false
  #failure: { error: unknown } | undefined

  constructor(source: ChunkSource) {
    this.#source = source
  }

  /** Whether there is room for more. */
  push(chunk: Uint8Array): boolean {
    // undici gives an empty one at the end of a body that breaks off, and after each pause: to pause for it would be to
    // pause for ever.
    if (!chunk.length || this.#ended) return true
    const reader = this.#waiting.shift()
    if (reader) {
      reader.resolve({ done: false, value: chunk })
      return true
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#paused = this.#bytes >= highWaterMark
    return !this.#paused
  }

  /** Nothing follows. With a failure, what has arrived before it can still be read. */
  end(failure?: { error: unknown }): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = failure
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (failure) reject(failure.error)
      else resolve({ done: true, value: undefined })
    }
  }

  /** Drops what nobody has read. */
  clear(): void {
    this.#chunks.length = 0
  }

  read(): Promise<Read> {
    const value = this.#chunks.shift()
    if (value) {
      this.#bytes -= value.length
      if (this.#paused && !this.#chunks.length) {
        this.#paused = false
        this.#source.resume()
      }
      return Promise.resolve({ done: false, value })
    }
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async cancel(reason?: unknown): Promise<void> {
    this.clear()
    if (this.#ended) return
    this.end()
    this.#source.stop(reason)
  }

  releaseLock(): void {}
}
