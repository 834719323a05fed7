import { ConfigError, type Message, type RequestAbortedError, type StreamEvent } from '@enjamb/core'
import { eventsOf, textsOf } from '../events/event-run.ts'
import type { Chunk } from './chunk.ts'
import type { StreamSource } from './create-stream-source.ts'

/**
 * A streamed answer, made by `streamMessage`. Nothing is sent before somebody reads, and no chunk is read before
 * somebody asks for it.
 *
 * It is read once, in one of these ways: `for await`, {@link text}, {@link batches}, {@link chunks}, `toolInput`, `tee`,
 * `toReadableStream` or `toResponse`; a second one throws {@link ConfigError}. {@link final} may be called alone, beside
 * a loop, or after it. Leaving a loop early aborts the request.
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
  #stopped: RequestAbortedError | undefined
  #final: Promise<Message> | undefined

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
    return this.#each((chunk) => eventsOf(this.#source.runs(chunk)))
  }

  /** The text as it arrives, and nothing else. */
  text(): AsyncGenerator<string, void, undefined> {
    return this.#each((chunk) => textsOf(this.#source.runs(chunk)))
  }

  /** The events of one network chunk together: one turn of the loop for each chunk rather than for each event. */
  batches(): AsyncGenerator<StreamEvent[], void, undefined> {
    return this.#each((chunk) => {
      const events = eventsOf(this.#source.runs(chunk))
      return events.length ? [events] : []
    })
  }

  /**
   * The body's bytes as they came, one network chunk after the other, for a relay: unparsed, so that an error inside of
   * them is the receiver's to see, and so is an end that comes too early. They are parsed all the same where a middleware
   * wants to know what the message came to, as a usage meter does.
   *
   * @throws {ConfigError} at once: the stream is being read already
   */
  chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    this.claim()
    return this.#each((chunk) => {
      this.#relayed = true
      if (this.#source.exchange?.observed) this.#source.runs(chunk)
      return [chunk.bytes!]
    }, true)
  }

  /**
   * Reads to the end and gives the whole message. While a loop reads this stream, `final()` reads ahead of it, and what
   * it reads stays in memory until the loop gets there. Each call gives the same message.
   *
   * @throws {ConfigError} the stream is relayed, and bytes have gone by unread: relay one branch of `tee`
   */
  final(): Promise<Message> {
    if (!this.#final) {
      const beside = this.#claimed
      this.#claimed = true
      this.#final = this.#readAll(beside)
      // Whoever reads in a loop gets the error there.
      if (beside) this.#final.catch(() => {})
    }
    return this.#final
  }

  /** Ends the request; whoever reads gets a `RequestAbortedError` with this reason as its `cause`. */
  abort(reason?: unknown): void {
    this.#stopped ??= this.#source.stop(reason)
  }

  /** Takes the one right to read; for the functions that read a stream in ways of their own. */
  private claim(): [source: StreamSource, chunk: Chunk] {
    if (this.#claimed) throw new ConfigError('This stream is being read already; tee(stream) gives a second one.')
    this.#claimed = true
    return [this.#source, this.#chunk]
  }

  /** @throws {RequestAbortedError} it is aborted, though there may still be events of a chunk that has come */
  private assertGoingOn(atEnd = false): void {
    const { signal, complete } = this.#source
    if (signal?.aborted) this.abort(signal.reason)
    // Where the message is complete there is nothing to stop: who still waits gets its end.
    if (this.#stopped && !(atEnd && complete)) throw this.#stopped
  }

  /** One generator for each way to read in a loop: two, one within the other, would cost more than parsing does. */
  async *#each<T>(pick: (chunk: Chunk) => T[], relay = false): AsyncGenerator<T, void, undefined> {
    if (!relay) this.claim()
    let inside = false
    try {
      for (;;) {
        this.assertGoingOn(true)
        const chunk = this.#pass(await this.#source.follow(this.#chunk))
        if (!chunk) break
        const items = pick(chunk)
        inside = true
        for (const item of items) {
          this.assertGoingOn()
          yield item
        }
        inside = false
        if (relay) continue
        if (chunk.error) throw chunk.error
        this.#clear(chunk)
      }
      if (!relay) this.#source.assertComplete()
    } finally {
      if (inside) this.abort()
    }
  }

  /** Moves on to a chunk that has come. */
  #pass(next: Chunk | undefined): Chunk | undefined {
    // Heard only now where another reader keeps the request alive.
    this.assertGoingOn(true)
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
    chunk.bytes = undefined
    chunk.runs = []
  }

  async #readAll(beside: boolean): Promise<Message> {
    if (this.#relayed)
      throw new ConfigError('This stream is relayed unread: relay one branch of tee(stream), and read the other.')
    const source = this.#source
    source.shared ||= beside
    let here: Chunk | undefined = this.#chunk
    while (here) {
      source.runs(here)
      if (here.error) throw here.error
      if (!beside) this.#clear(here)
      this.assertGoingOn(true)
      let next: Chunk | undefined
      if (source.shared) next = await source.follow(here)
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
