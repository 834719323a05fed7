import type { IncomingMessage, ServerResponse } from 'node:http'

/** In bytes. */
const mostDropped = 2 ** 20

/**
 * Puts a handler of requests, as `createSessionHandler` of `@enjamb/agent` makes one, into a server of Node. A client that goes away is noticed:
 * what it was reading is stopped.
 *
 * @example
 * createServer(toNodeListener(handler)).listen(8080)
 */
export function toNodeListener(
  handle: (request: Request) => Promise<Response>,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch(() => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500).end()
    })
  }
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  outgoing.on('finish', () => drop(incoming))
  const request = toRequest(incoming, gone.signal)
  if (!request) return void outgoing.writeHead(400).end()
  const { status, headers, body } = await handle(request)
  const all: Record<string, string | string[]> = Object.fromEntries(headers)
  const cookies = headers.getSetCookie()
  outgoing.writeHead(status, cookies.length ? { ...all, 'set-cookie': cookies } : all)
  if (body) await write(body, outgoing, gone.signal)
  outgoing.end()
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = 'GET', url = '/', rawHeaders } = incoming
  const headers = new Headers()
  try {
    for (let n = 0; n < rawHeaders.length; n += 2) {
      if (!rawHeaders[n]!.startsWith(':')) headers.append(rawHeaders[n]!, rawHeaders[n + 1]!)
    }
    const hasBody = method !== 'GET' && method !== 'HEAD'
    return new Request(`http://${headers.get('host') ?? 'localhost'}${url.startsWith('/') ? url : '/'}`, {
      method,
      headers,
      signal,
      ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
    })
  } catch {
    // A host that is none, or a method that no request may have.
    return undefined
  }
}

/** One that is not read to its end leaves the connection open, for there is an answer to come. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Reads on where an answer came before its request was whole, so that the client sees it; but not for ever. */
function drop(incoming: IncomingMessage): void {
  let left = mostDropped
  incoming.on('data', ({ length }: Uint8Array) => {
    left -= length
    if (left < 0) incoming.destroy()
  })
}

async function write(body: ReadableStream<Uint8Array>, outgoing: ServerResponse, signal: AbortSignal): Promise<void> {
  outgoing.flushHeaders()
  const reader = body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  for (;;) {
    const { done, value } = await reader.read()
    if (done || signal.aborted) return
    if (!outgoing.write(value)) await drained(outgoing)
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go).off('close', go)
      resolve()
    }
    outgoing.on('drain', go).on('close', go)
    if (outgoing.destroyed) go()
  })
}
