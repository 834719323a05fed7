import { preflightResponse } from '../http/cors.ts'
import { toResponse } from '../http/outgoing-response.ts'
import type { Cassette, CassetteResponse } from './cassette.ts'
import { type RawChunk, toCassetteChunks } from './cassette-chunk.ts'
import { keptHeaders, redactText, toCassetteRequest } from './redaction.ts'
import { secretsOf } from './secrets.ts'

/** Where to pass requests on to, and what to do with what came back. */
export interface RecorderOptions {
  /** The API to pass requests on to. */
  upstream: string
  /** Takes more out of what is kept: every text passes through it. Credentials are always taken out. */
  redact?: (text: string) => string
  /** Default: the platform's. */
  fetch?: typeof fetch
  /** Called when an exchange has ended. */
  onExchange?: () => void
}

/** A handler that passes requests on, and keeps what goes through. */
export interface Recorder {
  (request: Request): Promise<Response>
  readonly cassette: Cassette
}

/** Those that belong to one connection, and not to the next; and the encoding, which `fetch` undoes by itself. */
const hopByHop = [
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'accept-encoding',
  'expect',
]

/** Passes requests on to the API, and tells of each with what came back. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { upstream, redact = (text) => text, fetch = globalThis.fetch, onExchange = () => {} } = options
  const cassette: Cassette = { version: 1, exchanges: [] }
  const handle = async (request: Request): Promise<Response> => {
    // What a browser asks beforehand is no part of the exchange, and the answer is known.
    const preflight = preflightResponse({ method: request.method, headers: Object.fromEntries(request.headers) })
    if (preflight) return toResponse(preflight, request.signal)
    const body = await request.arrayBuffer()
    const { pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    for (const name of hopByHop) headers.delete(name)
    const secrets = secretsOf(request, upstream)
    const clean = (text: string) => redact(redactText(text, secrets))
    const raw: RawChunk[] = []
    const exchange = {
      request: toCassetteRequest(request, new TextDecoder().decode(body), clean),
      response: {
        status: 0,
        headers: {},
        // Made when it is looked at: what must not be kept may only show in later chunks.
        get chunks() {
          return toCassetteChunks(raw, secrets, redact)
        },
      } as CassetteResponse,
    }
    const { response: kept } = exchange
    cassette.exchanges.push(exchange)
    const init = {
      method: request.method,
      headers,
      signal: request.signal,
      // A redirect goes back to the client as it is: to follow it would carry the key to wherever it leads.
      redirect: 'manual' as const,
      ...(body.byteLength > 0 ? { body } : {}),
    }
    const response = await fetch(`${upstream.replace(/\/$/, '')}${pathname}${search}`, init).catch((error: unknown) => {
      // An API out of reach is nothing to replay.
      cassette.exchanges.splice(cassette.exchanges.indexOf(exchange), 1)
      throw error
    })
    kept.status = response.status
    kept.headers = keptHeaders(response.headers, clean)
    const passed = new Headers(response.headers)
    for (const name of ['content-encoding', ...hopByHop]) passed.delete(name)
    return new Response(listenIn(response.body, raw, kept, onExchange), { status: response.status, headers: passed })
  }
  return Object.assign(handle, { cassette })
}

/** Passes a body on, chunk by chunk and at its pace, and keeps each. */
function listenIn(
  body: ReadableStream<Uint8Array> | null,
  raw: RawChunk[],
  kept: CassetteResponse,
  onEnd: () => void,
): ReadableStream<Uint8Array> | null {
  if (!body) {
    onEnd()
    return null
  }
  const reader = body.getReader()
  let before = performance.now()
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { value, done } = await reader.read()
      if (done) {
        onEnd()
        return controller.close()
      }
      const now = performance.now()
      raw.push({ waitMs: Math.round(now - before), bytes: value.slice() })
      before = now
      controller.enqueue(value)
    } catch (error) {
      kept.cut = true
      onEnd()
      controller.error(error)
    }
  }
  return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason).finally(onEnd) }, { highWaterMark: 0 })
}
