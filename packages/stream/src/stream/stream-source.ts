import {
  type Client,
  ConnectionError,
  type Exchange,
  isEnjambError,
  type MessageParams,
  messageRequest,
  RequestAbortedError,
  type RequestOptions,
  type StreamEvent,
  StreamInterruptedError,
  StreamParseError,
  send,
} from '@enjamb/core'
import { createEventParser } from '../events/create-event-parser.ts'
import { createAccumulator } from '../message/create-accumulator.ts'
import { joinDeltas } from '../message/join-deltas.ts'
import type { Chunk, Read } from './chunk.ts'
import { type ChunkReader, createChunkReader } from './create-chunk-reader.ts'

/** Options of `streamMessage`: those of every request, and one for the stream. */
export interface StreamOptions extends RequestOptions {
  /** The largest single event, in bytes; a larger one ends the stream with a `StreamParseError`. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

/** How long a complete message waits for its body to close, so that the connection can be used again. */
const closeTimeoutMs = 1_000

// Between two chunks, so that a silent stream does not hold the events of its last one.
const nothing: StreamEvent[] = []

/** One streamed request: sent when somebody first asks, then read a chunk at a time as somebody asks for the next. */
export class StreamSource {
  /** How many streams share this source; when the last one stops, the request ends. */
  readers = 1
  /** More than one reader walks along the chunks. */
  shared = false
  exchange: Exchange | undefined
  accumulator = createAccumulator()
  readonly #controller = new AbortController()
  readonly #open: (head: Chunk) => Promise<Read>
  readonly #idleTimeoutMs: number
  #parser: ReturnType<typeof createEventParser> | undefined
  #body: ChunkReader | undefined
  #events = nothing
  #complete = false
  /** On the clock of `performance.now()`; from then on the caller has something, and nothing is retried. */
  #firstContentAt: number | undefined
  #cutOff: unknown
  #unlink = () => {}

  get #begun(): boolean {
    return this.#firstContentAt !== undefined
  }

  constructor(client: Client, params: MessageParams, options: StreamOptions) {
    this.#idleTimeoutMs = options.idleTimeoutMs ?? client.idleTimeoutMs
    this.#open = (head) => {
      const { signal } = options
      const onAbort = () => this.#controller.abort(signal?.reason)
      if (signal?.aborted) onAbort()
      signal?.addEventListener('abort', onAbort)
      this.#unlink = () => signal?.removeEventListener('abort', onAbort)
      const linked = { ...options, signal: this.#controller.signal }
      return send(client, messageRequest(client, params, true), linked, (exchange) =>
        this.#begin(exchange, head, options.maxFrameBytes),
      ).catch((error) => {
        this.#unlink()
        head.error = this.#fail(error)
        throw head.error
      })
    }
  }

  /** Reads what follows a chunk, once for all who ask; {@link arrive} or {@link lose} is to be told what came of it. */
  read(chunk: Chunk): Promise<Read> {
    chunk.read ??= this.#body ? this.#readBody() : this.#open(chunk)
    return chunk.read
  }

  /** The chunk after this one, which a read has brought; `undefined` where the body ends. */
  arrive(chunk: Chunk, read: Read): Chunk | undefined {
    if (chunk.next) return chunk.next
    const bytes = this.#body!.take(read)
    if (!bytes) {
      if (this.exchange!.signal.aborted) return this.lose(chunk, undefined)
      if (this.#complete) this.#close()
      else this.#cutOff ??= this.#fail(new ConnectionError('The stream ended before the message did.'))
      return undefined
    }
    // All fields at once: one that comes later makes the object two.
    chunk.next = { bytes, events: undefined, read: undefined, next: undefined }
    return chunk.next
  }

  /**
   * There is nothing after this chunk, as the read has failed, or was aborted.
   *
   * @throws what that means, unless the message is complete: then nothing is missing, however the body ends
   */
  lose(chunk: Chunk, error: unknown): undefined {
    if (this.#complete) return this.#close()
    chunk.error ??= this.#fail(this.#body!.errorOf(error))
    throw chunk.error
  }

  /** The chunk after this one; `undefined` where the body ends. */
  follow(chunk: Chunk): Promise<Chunk | undefined> {
    return this.read(chunk).then(
      (read) => this.arrive(chunk, read),
      (error) => this.lose(chunk, error),
    )
  }

  /** The chunk's events, parsed when they are first asked for; chunks must be asked in their order. */
  events(chunk: Chunk): StreamEvent[] {
    if (chunk.events) return chunk.events
    let events = nothing
    try {
      try {
        this.#parser?.push(chunk.bytes)
      } finally {
        // What stands before an error counts, and may be wrong itself.
        chunk.events = events = this.#events
        this.#events = nothing
        this.#accumulate(events)
      }
    } catch (error) {
      chunk.error = this.#fail(error)
    }
    // What is left of the body says nothing more.
    if (this.#complete) this.#settle()
    return events
  }

  /** @throws {StreamInterruptedError} the body ended before the message did */
  assertComplete(): void {
    if (!this.#complete) throw this.#cutOff
  }

  /** One reader wants no more, and gets the error to throw; none when the message is complete. The last one ends the request. */
  stop(reason: unknown): RequestAbortedError | undefined {
    const last = --this.readers === 0
    if (this.#complete) return void (last && this.#close())
    const error = this.#withPartial(new RequestAbortedError('The stream was aborted.', { cause: reason }))
    if (last) {
      this.#controller.abort(reason)
      this.#close(error)
    }
    return error
  }

  /** Reads on until content arrives: a stream that breaks before that fails inside `send`, which may try again. */
  async #begin(exchange: Exchange, head: Chunk, maxFrameBytes: number | undefined): Promise<Read> {
    this.exchange = exchange
    this.accumulator = createAccumulator()
    this.#cutOff = undefined
    this.#body = createChunkReader(exchange)
    this.#parser = createEventParser({
      maxFrameBytes,
      // An array that begins empty makes room for 17.
      onEvent: (event) => {
        if (this.#events.length) this.#events.push(event)
        else this.#events = [event]
      },
    })
    const start: Chunk = { bytes: head.bytes }
    for (let chunk = start; ; ) {
      const next = await this.follow(chunk)
      if (!next) {
        const type = exchange.response.headers.get('content-type')
        throw type && !type.includes('event-stream')
          ? new StreamParseError(`No events came, but ${type}. Is baseURL right?`)
          : new ConnectionError('The stream ended before its first content.')
      }
      this.events(next)
      if (this.#begun) {
        head.next = start.next
        return start.read!
      }
      if (next.error) throw next.error
      chunk = next
    }
  }

  /** Adds events to the message, and leaves in the list those that could be. */
  #accumulate(events: StreamEvent[]): void {
    for (let at = 0; at < events.length; ) {
      const [event, end] = joinDeltas(events, at)
      try {
        this.accumulator.push(event)
      } catch (error) {
        events.length = at
        throw error
      }
      at = end
      if (event.type === 'message_stop') this.#complete = true
      if (!this.#begun && event.type !== 'message_start' && event.type !== 'ping') {
        this.#firstContentAt = performance.now()
      }
    }
  }

  #readBody(): Promise<Read> {
    return this.#body!.read(this.#complete ? closeTimeoutMs : this.#idleTimeoutMs)
  }

  #close(error?: unknown): undefined {
    this.#body?.close()
    // Before the first content another attempt may follow, which must hear the caller's signal, too.
    if (!this.#begun) return
    this.#unlink()
    this.#settle(error)
  }

  #settle(error?: unknown): void {
    this.exchange?.settle({ value: this.accumulator.message, error, firstContentAt: this.#firstContentAt })
  }

  /** Ends the exchange, and gives the error what had arrived. */
  #fail(error: unknown): unknown {
    const failure =
      this.#begun && error instanceof ConnectionError
        ? new StreamInterruptedError(error.message, { cause: error, partial: this.accumulator.message })
        : this.#withPartial(error)
    this.#close(failure)
    return failure
  }

  #withPartial<T>(error: T): T {
    return this.#begun && isEnjambError(error) && !error.partial
      ? Object.assign(error, { partial: this.accumulator.message })
      : error
  }
}
