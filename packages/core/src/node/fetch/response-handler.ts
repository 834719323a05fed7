import type { Dispatcher } from 'undici'
import { ChunkQueue, type ChunkSource } from './chunk-queue.ts'
import { type ContentDecoder, createContentDecoder } from './content-decoder.ts'
import { nodeResponse } from './node-response.ts'

interface Settlers {
  resolve(response: Response): void
  reject(reason: unknown): void
}

const nullBodyStatuses = [204, 205, 304]

/** Makes of what undici tells a response and the chunks of its body. Holds nothing of the request. */
export class ResponseHandler implements Dispatcher.DispatchHandler, ChunkSource {
  readonly url: string
  readonly #isHead: boolean
  #signal: AbortSignal | undefined
  /** Until it is settled: what settles a promise holds it, and with it the response, which nobody else may want. */
  #promise: Settlers | undefined
  #controller: Dispatcher.DispatchController | undefined
  #queue: ChunkQueue | undefined
  #decoder: ContentDecoder | undefined
  #stopped = false

  constructor(url: URL, method: string, signal: AbortSignal | undefined, promise: Settlers) {
    this.url = url.href.replace(/#.*/, '')
    this.#isHead = method === 'HEAD'
    this.#signal = signal
    this.#promise = promise
    signal?.addEventListener('abort', this)
  }

  /** Of the signal. */
  handleEvent(): void {
    const reason = this.#signal!.reason
    this.#reject(reason)
    this.#queue?.clear()
    this.#queue?.end({ error: reason })
    this.stop(reason)
  }

  stop(reason: unknown): void {
    this.#stopped = true
    this.#release()
    this.#decoder?.output.destroy()
    this.#controller?.abort(abortError(reason))
  }

  resume(): void {
    if (this.#decoder) this.#decoder.output.resume()
    else this.#controller!.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // It has waited for a connection until now.
    if (this.#stopped) controller.abort(abortError(undefined))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText = ''): void {
    if (status < 200) return
    const headers = toHeaders(controller.rawHeaders as (Buffer | string)[])
    if (!this.#isHead && !nullBodyStatuses.includes(status)) {
      this.#queue = new ChunkQueue(this)
      this.#decode(createContentDecoder(headers.get('content-encoding')))
    }
    this.#promise?.resolve(nodeResponse({ url: this.url, status, statusText, headers }, this.#queue))
    this.#promise = undefined
  }

  onResponseData(controller: Dispatcher.DispatchController, { buffer, byteOffset, length }: Buffer): void {
    // A Buffer's `slice` is not that of the platform's chunks.
    const chunk = new Uint8Array(buffer, byteOffset, length)
    const hasRoom = this.#decoder ? this.#decoder.input.write(chunk) : this.#queue?.push(chunk)
    if (hasRoom === false) controller.pause()
  }

  onResponseEnd(): void {
    this.#release()
    if (this.#decoder) this.#decoder.input.end()
    else this.#queue?.end()
  }

  onResponseError(_: unknown, cause: Error): void {
    this.#release()
    this.#fail(cause)
    this.#decoder?.output.destroy()
  }

  #decode(decoder: ContentDecoder | undefined): void {
    if (!decoder) return
    this.#decoder = decoder
    const queue = this.#queue!
    decoder.input.on('drain', () => this.#controller!.resume())
    decoder.output
      .on('data', (chunk: Buffer) => {
        if (!queue.push(new Uint8Array(chunk))) decoder.output.pause()
      })
      .on('end', () => queue.end())
      .on('error', (error) => {
        this.#fail(error)
        this.stop(error)
      })
  }

  #fail(cause: Error): void {
    this.#reject(new TypeError('fetch failed', { cause }))
    this.#queue?.end({ error: new TypeError('terminated', { cause }) })
  }

  #reject(reason: unknown): void {
    this.#promise?.reject(reason)
    this.#promise = undefined
  }

  #release(): void {
    this.#signal?.removeEventListener('abort', this)
    this.#signal = undefined
  }
}

function toHeaders(raw: (Buffer | string)[]): Headers {
  const headers = new Headers()
  for (let at = 0; at < raw.length; at += 2) headers.append(toText(raw[at]!), toText(raw[at + 1]!))
  return headers
}

function toText(bytes: Buffer | string): string {
  return typeof bytes === 'string' ? bytes : bytes.toString('latin1')
}

function abortError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The request was aborted.')
}
