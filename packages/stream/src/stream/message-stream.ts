import { APIError, ConfigError, type Message, type RequestAbortedError, type StreamEvent } from '@enjamb/core'
import type { Chunk } from './chunk.ts'
import type { StreamSource } from './stream-source.ts'

const nothing = /* @__PURE__ */ new Uint8Array()
const noEvents: StreamEvent[] = []

/**
 * A streamed answer, made by `streamMessage`. Nothing is sent before somebody reads, and no chunk is read before
 * somebody asks for it.
 *
 * It is read once, in one of these ways: `for await`, {@link text}, {@link batches}, `toolInput`, {@link tee},
 * {@link toReadableStream} or {@link toResponse}; a second one throws {@link ConfigError}. {@link final} may be called
 * alone, beside a loop, or after it. Leaving a loop early aborts the request.
 *
 * Every way of reading throws {@link APIError}, {@link ConnectionError} or {@link RequestTimeoutError} before the first
 * content; after it {@link StreamInterruptedError}, {@link IdleTimeoutError}, {@link StreamParseError} or the
 * {@link APIError} that an `error` event stands for; at any time {@link RequestAbortedError}. After the first content
 * each of them carries `partial`, the message so far.
 */
export class MessageStream implements AsyncIterable<StreamEvent> {
  readonly #source: StreamSource
  #chunk: Chunk
  #claimed = false
  #relayed = false
  #ended = false
  #stopped: RequestAbortedError | undefined
  #waiting: Set<(reason: unknown) => void> | undefined
  #final: Promise<Message> | undefined
  #branches: MessageStream[] | undefined

  /** Use `streamMessage`. */
  constructor(source: StreamSource, chunk: Chunk) {
    this.#source = source
    this.#chunk = chunk
  }

  /** The message so far: one object that grows as chunks are read; before the first an empty one. */
  get snapshot(): Message {
    return this.#source.accumulator.message
  }

  /** The response, from the moment its headers are here. */
  get response(): Response | undefined {
    return this.#source.exchange?.response
  }

  /** The API's name for the request, for its support; from the moment the headers are here. */
  get requestId(): string | undefined {
    return this.#source.exchange?.requestId
  }

  /** Every event, those of unknown types as they come. */
  [Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void, undefined> {
    return this.#each((events) => events)
  }

  /** The text as it arrives, and nothing else. */
  text(): AsyncGenerator<string, void, undefined> {
    return this.#each(textsOf)
  }

  /** The events of one network chunk together: one turn of the loop for each chunk rather than for each event. */
  batches(): AsyncGenerator<StreamEvent[], void, undefined> {
    return this.#each((events) => (events.length ? [events] : []))
  }

  /**
   * Reads to the end and gives the whole message. While a loop reads this stream, `final()` reads ahead of it, and what
   * it reads stays in memory until the loop gets there. Each call gives the same message.
   *
   * @throws {ConfigError} the stream is relayed, and bytes have gone by unread: relay one branch of {@link tee}
   */
  final(): Promise<Message> {
    if (this.#relayed && !this.#final)
      return Promise.reject(
        new ConfigError('This stream is relayed unread: relay one branch of tee(), and read the other.'),
      )
    if (!this.#final) {
      const beside = this.#claimed
      this.#claimed = true
      this.#source.shared ||= beside
      this.#final = this.#readAll(beside)
      // Whoever reads in a loop gets the error there.
      if (beside) this.#final.catch(() => {})
    }
    return this.#final
  }

  /** Ends the request; whoever reads gets a `RequestAbortedError` with this reason as its `cause`. */
  abort(reason?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#branches) {
      for (const branch of this.#branches) branch.abort(reason)
      return
    }
    this.#stopped = this.#source.stop(reason)
    // There is nothing to stop where the message is complete: whoever waits then gets its end.
    if (this.#stopped) for (const reject of this.#waiting ?? []) reject(this.#stopped)
  }

  /**
   * Two streams in place of this one, each to be read at its own pace; what only one has read stays in memory for the
   * other. The request ends early when both are aborted, or the `signal` option is: a branch that is left early does not
   * end what the other still reads.
   */
  tee(): [MessageStream, MessageStream] {
    this.#claim()
    this.#source.readers++
    this.#source.shared = true
    const branches: [MessageStream, MessageStream] = [
      new MessageStream(this.#source, this.#chunk),
      new MessageStream(this.#source, this.#chunk),
    ]
    this.#branches = branches
    return branches
  }

  /**
   * The body's bytes as they came: a proxy relays them without encoding again, and unparsed, unless a middleware wants to
   * know what the message came to, as a usage meter does.
   */
  toReadableStream(): ReadableStream<Uint8Array> {
    return this.#relay((controller, error) => controller.error(error))
  }

  /**
   * A `text/event-stream` response with the bytes as they came. It exists before the API has answered, so its status is
   * 200 unless `init` has another, and a failure becomes an `error` event in it, of the API's own form: with the
   * message of an {@link APIError}, and of any other error only that the answer broke off.
   */
  toResponse(init: ResponseInit = {}): Response {
    const headers = new Headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    new Headers(init.headers).forEach((value, name) => {
      headers.set(name, value)
    })
    const body = this.#relay((controller, error) => {
      // Other errors are about this side, whose hosts and settings are nothing for the other.
      const { type = 'api_error', message } = error instanceof APIError ? error : { message: 'The answer broke off.' }
      const data = JSON.stringify({ type: 'error', error: { type, message } })
      controller.enqueue(new TextEncoder().encode(`event: error\ndata: ${data}\n\n`))
      controller.close()
    })
    return new Response(body, { ...init, headers })
  }

  #relay(onError: (controller: ReadableStreamDefaultController<Uint8Array>, error: unknown) => void) {
    this.#claim()
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const chunk = this.#pass(await this.#follow())
            this.#relayed = true
            // Unparsed, unless a middleware waits to hear what the message cost.
            if (chunk && this.#source.exchange?.observed) this.#source.events(chunk)
            if (chunk) controller.enqueue(chunk.bytes)
            else controller.close()
          } catch (error) {
            onError(controller, error)
          }
        },
        cancel: (reason) => this.abort(reason),
      },
      { highWaterMark: 0 },
    )
  }

  /** One generator for each way to read in a loop: two, one within the other, would cost more than parsing does. */
  async *#each<T>(pick: (events: StreamEvent[]) => T[]): AsyncGenerator<T, void, undefined> {
    this.#claim()
    let left = true
    try {
      for (;;) {
        const chunk = this.#pass(await this.#follow())
        if (!chunk) break
        for (const item of pick(this.#source.events(chunk))) yield item
        if (chunk.error) throw chunk.error
        this.#clear(chunk)
      }
      this.#source.assertComplete()
      left = false
    } catch (error) {
      left = false
      throw error
    } finally {
      if (left) this.abort()
    }
  }

  #claim(): void {
    if (this.#claimed) throw new ConfigError('This stream is being read already; tee() gives a second one.')
    this.#claimed = true
  }

  #follow(here = this.#chunk): Promise<Chunk | undefined> {
    if (this.#stopped) return Promise.reject(this.#stopped)
    const next = this.#source.follow(here)
    if (!this.#source.shared) return next
    // Another branch may keep the request alive: what waits for it on this one must not wait on.
    return new Promise((resolve, reject) => {
      this.#waiting ??= new Set()
      const waiting = this.#waiting
      waiting.add(reject)
      next.then(resolve, reject).finally(() => waiting.delete(reject))
    })
  }

  /** Moves on to a chunk that has come. */
  #pass(next: Chunk | undefined): Chunk | undefined {
    // Heard only now where another reader keeps the request alive.
    if (this.#stopped) throw this.#stopped
    if (!next) return undefined
    // A passed chunk that the collector has already taken for old would keep all that follow it: up to 3 times the work
    // of collecting. With other readers about, one of them may still need the way on.
    if (!this.#source.shared) this.#chunk.read = this.#chunk.next = undefined
    this.#chunk = next
    return next
  }

  /** While a stream is silent its reader waits at the last chunk, which need not stay in memory for that. */
  #clear(chunk: Chunk): void {
    if (this.#source.shared) return
    chunk.bytes = nothing
    chunk.events = noEvents
  }

  async #readAll(beside: boolean): Promise<Message> {
    const source = this.#source
    let here: Chunk | undefined = this.#chunk
    while (here) {
      source.events(here)
      if (here.error) throw here.error
      if (!beside) this.#clear(here)
      let next: Chunk | undefined
      if (source.shared || this.#stopped) next = await this.#follow(here)
      else {
        // What `follow` does, without a promise of its own for each chunk.
        try {
          next = source.arrive(here, await source.read(here))
        } catch (error) {
          next = source.lose(here, error)
        }
      }
      // Only a loop that will still come by needs the chunks that this one passes.
      here = beside ? next : this.#pass(next)
    }
    source.assertComplete()
    return this.snapshot
  }
}

// Not a generator: the whole stream would take half as long again.
function textsOf(events: StreamEvent[]): string[] {
  const texts: string[] = []
  for (const event of events) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') texts.push(event.delta.text)
  }
  return texts
}
