import { type BodyReader, bodyReader } from '../../http/answer/body-reader.ts'
import type { ChunkQueue } from './chunk-queue.ts'

/** What stands before a body. */
export interface ResponseHead {
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
}

/** A body that nobody can read any more needs no connection. */
const forgotten = new FinalizationRegistry<ChunkQueue>((queue) => void queue.cancel())

/** The way to a body for all that read it: while one of them lives, so does the connection. */
class QueueReader implements BodyReader {
  readonly #queue: ChunkQueue
  used = false

  constructor(queue: ChunkQueue) {
    this.#queue = queue
    forgotten.register(this, queue)
  }

  read() {
    this.used = true
    return this.#queue.read()
  }

  cancel(reason?: unknown) {
    this.used = true
    return this.#queue.cancel(reason)
  }

  releaseLock() {}
}

/**
 * A response of the platform for all who ask, which makes a web stream, and a response around it, only when somebody asks
 * for what only they can give.
 */
class NodeResponse implements Response {
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly #reader: QueueReader | undefined
  #locked = false
  #platform: Response | undefined

  constructor(
    { url, status, statusText, headers }: ResponseHead,
    reader: QueueReader | undefined,
    platform?: Response,
  ) {
    this.url = url
    this.status = status
    this.statusText = statusText
    this.headers = headers
    this.#reader = reader
    this.#platform = platform
  }

  [bodyReader](): BodyReader | undefined {
    if (this.#platform || this.#locked) return this.body?.getReader()
    this.#locked = true
    return this.#reader
  }

  get #response(): Response {
    if (!this.#platform) {
      const stream = this.#reader && toByteStream(this.#reader)
      this.#platform = new Response(stream, { headers: this.headers })
      if (this.#locked) stream?.getReader()
    }
    return this.#platform
  }

  get type(): ResponseType {
    return 'basic'
  }

  get redirected(): boolean {
    return false
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get body(): Response['body'] {
    return this.#response.body
  }

  get bodyUsed(): boolean {
    return (this.#locked ? this.#reader?.used : this.#platform?.bodyUsed) ?? false
  }

  clone(): Response {
    return new NodeResponse(this, undefined, this.#response.clone())
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#response.arrayBuffer()
  }

  blob(): Promise<Blob> {
    return this.#response.blob()
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#response.arrayBuffer())
  }

  formData(): Promise<FormData> {
    return this.#response.formData()
  }

  json(): Promise<unknown> {
    return this.#response.json()
  }

  text(): Promise<string> {
    return this.#response.text()
  }
}

/** @param queue none where the response has no body */
export function nodeResponse(head: ResponseHead, queue: ChunkQueue | undefined): Response {
  // Not when this module is loaded: to name `Response` makes Node load its own `fetch`.
  if (!(NodeResponse.prototype instanceof Response)) Object.setPrototypeOf(NodeResponse.prototype, Response.prototype)
  return new NodeResponse(head, queue && new QueueReader(queue))
}

function toByteStream(reader: BodyReader): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const { value } = await reader.read()
      // A copy: the memory of what it is given becomes the stream's, and this may be a part of what a socket read.
      if (value) return controller.enqueue(new Uint8Array(value))
      controller.close()
      controller.byobRequest?.respond(0)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
