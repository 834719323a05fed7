import {
  type Client,
  ConnectionError,
  type Exchange,
  isEnjambError,
  type MessageParams,
  messageRequest,
  onAbort,
  RequestAbortedError,
  type RequestOptions,
  StreamInterruptedError,
  StreamParseError,
  send,
} from '@enjamb/core'
import { createRunParser } from '../events/create-run-parser.ts'
import type { EventRun } from '../events/event-run.ts'
import { type Accumulator, createAccumulator } from '../message/create-accumulator.ts'
import type { Chunk, Read } from './chunk.ts'
import { type ChunkReader, createChunkReader } from './create-chunk-reader.ts'

/** Options of `streamMessage`: those of every request, and one for the stream. */
export interface StreamOptions extends RequestOptions {
  /** The largest single event, in bytes; a larger one ends the stream with a `StreamParseError`. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

/** One streamed request: sent when somebody first asks, then read a chunk at a time as somebody asks for the next. */
export interface StreamSource {
  /** More than one reader walks along the chunks. */
  shared: boolean
  exchange: Exchange | undefined
  accumulator: Accumulator
  /** The message has all its events. */
  complete: boolean
  readonly signal: AbortSignal | undefined
  /** Reads what follows a chunk, once for all who ask; `arrive` or `lose` is to be told what came of it. */
  read(chunk: Chunk): Promise<Read>
  /** The chunk after this one, which a read has brought; `undefined` where the body ends. */
  arrive(chunk: Chunk, read: Read): Chunk | undefined
  /**
   * There is nothing after this chunk, as the read has failed, or was aborted.
   *
   * @throws what that means, unless the message is complete: then nothing is missing, however the body ends
   */
  lose(chunk: Chunk, error: unknown): undefined
  /** The chunk after this one; `undefined` where the body ends. */
  follow(chunk: Chunk): Promise<Chunk | undefined>
  /** The chunk's events, parsed when they are first asked for; chunks must be asked in their order. */
  runs(chunk: Chunk): EventRun[]
  /** @throws {StreamInterruptedError} the body ended before the message did */
  assertComplete(): void
  /** What a reader is to throw that wants no more. */
  abortedBy(reason: unknown): RequestAbortedError
  /** The same, and the request ends. */
  stop(reason: unknown): RequestAbortedError
}

/** How long a complete message waits for its body to close, so that the connection can be used again. */
const closeTimeoutMs = 1_000

/** They are kept for the first reader, and there is no end to the pings that may come. */
const maxChunksBeforeContent = 10_000

export function createStreamSource(client: Client, params: MessageParams, options: StreamOptions): StreamSource {
  const { signal, maxFrameBytes, idleTimeoutMs = client.idleTimeoutMs } = options
  const controller = new AbortController()
  let body: ChunkReader
  let parse: ReturnType<typeof createRunParser> | undefined
  let runs: EventRun[] = []
  /** From the first content on the caller has something, and nothing is retried. */
  let begun = false
  /** On the clock of `performance.now()`. */
  let firstContentAt: number | undefined
  let cutOff: unknown

  let unlink = () => {}
  const heed = () => controller.abort(signal?.reason)
  const settle = (error?: unknown) =>
    source.exchange?.settle({ value: source.accumulator.message, error, firstContentAt })

  function close(error?: unknown): undefined {
    body?.close()
    // Before the first content another attempt may follow, which must hear the caller's signal, too.
    if (!begun) return
    unlink()
    settle(error)
  }

  function withPartial<T>(error: T): T {
    return begun && isEnjambError(error) && !error.partial
      ? Object.assign(error, { partial: source.accumulator.message })
      : error
  }

  /** Ends the exchange, and gives the error what had arrived. */
  function fail(error: unknown): unknown {
    const { message: partial } = source.accumulator
    const failure = withPartial(
      begun && error instanceof ConnectionError
        ? new StreamInterruptedError(error.message, { cause: error, partial })
        : error,
    )
    close(failure)
    return failure
  }

  /** Adds what has come to the message, and keeps it for the readers of its chunk. */
  function take(run: EventRun): void {
    const { type } = run.event
    // What is left of the body says nothing more of the message.
    if (!source.complete) source.accumulator.push(run.event)
    else if (/^(message|content_block)_/.test(type)) return
    runs.push(run)
    if (type === 'message_stop') source.complete = true
    if (!begun && type !== 'message_start' && type !== 'ping') {
      begun = true
      firstContentAt = performance.now()
    }
  }

  /** Reads on until content arrives: a stream that breaks before that fails inside `send`, which may try again. */
  async function begin(exchange: Exchange, head: Chunk): Promise<Read> {
    source.exchange = exchange
    source.accumulator = createAccumulator()
    cutOff = undefined
    body = createChunkReader(exchange)
    parse = createRunParser(take, maxFrameBytes)
    const start: Chunk = { runs: [] }
    let left = maxChunksBeforeContent
    for (let chunk = start; ; ) {
      if (!left--) throw new ConnectionError(`No content in ${maxChunksBeforeContent} chunks.`)
      const next = await source.follow(chunk)
      if (!next) {
        const type = exchange.response.headers.get('content-type')
        throw type && !type.includes('event-stream')
          ? new StreamParseError(`No events came, but ${type}. Is baseURL right?`)
          : new ConnectionError('The stream ended before its first content.')
      }
      source.runs(next)
      if (begun) {
        head.next = start.next
        return start.read!
      }
      if (next.error) throw next.error
      chunk = next
    }
  }

  async function open(head: Chunk): Promise<Read> {
    if (signal?.aborted) heed()
    // Not a listener for each: many streams may have one signal.
    unlink = onAbort(signal, heed)
    try {
      return await send(
        client,
        messageRequest(client, params, true),
        { ...options, signal: controller.signal },
        (exchange) => begin(exchange, head),
      )
    } catch (error) {
      unlink()
      head.error = fail(error)
      throw head.error
    }
  }

  const source: StreamSource = {
    shared: false,
    exchange: undefined,
    accumulator: createAccumulator(),
    complete: false,
    signal,
    read(chunk) {
      chunk.read ??= source.exchange ? body.read(source.complete ? closeTimeoutMs : idleTimeoutMs) : open(chunk)
      return chunk.read
    },
    arrive(chunk, read) {
      if (chunk.next) return chunk.next
      const bytes = body.take(read)
      if (!bytes) {
        if (source.exchange!.signal.aborted) return source.lose(chunk, undefined)
        if (source.complete) close()
        else cutOff ??= fail(new ConnectionError('The stream ended before the message did.'))
        return undefined
      }
      // All fields at once: one that comes later makes the object two.
      chunk.next = { bytes, runs: undefined, read: undefined, next: undefined }
      return chunk.next
    },
    lose(chunk, error) {
      if (source.complete) return close()
      chunk.error ??= fail(body.errorOf(error))
      throw chunk.error
    },
    follow: (chunk) =>
      source.read(chunk).then(
        (read) => source.arrive(chunk, read),
        (error) => source.lose(chunk, error),
      ),
    runs(chunk) {
      if (!chunk.runs) {
        chunk.runs = runs = []
        try {
          parse?.(chunk.bytes!)
        } catch (error) {
          // What follows it means nothing.
          parse = undefined
          // What stands before an error counts, and is all there is where the message is whole.
          if (!source.complete) chunk.error = fail(error)
        }
        if (source.complete) settle()
      }
      return chunk.runs
    },
    assertComplete() {
      if (!source.complete) throw cutOff
    },
    abortedBy: (reason) => withPartial(new RequestAbortedError('The stream was aborted.', { cause: reason })),
    stop(reason) {
      const error = source.abortedBy(reason)
      if (source.complete) close()
      else {
        controller.abort(reason)
        close(error)
      }
      return error
    },
  }
  return source
}
