import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

type Handle = (request: Request) => Promise<Response>

/** Serves a fetch handler on 127.0.0.1 with Node's own HTTP server. */
export async function listen(handle: Handle, port: number, maxBodyBytes: number) {
  const sockets = new Set<Socket>()
  const server = nodeHTTP().createServer((incoming, outgoing) => {
    void serve(handle, incoming, outgoing, maxBodyBytes)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // A burst of connections must not be turned away.
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** Asked of the process rather than imported, so that a browser's bundler has nothing to resolve. */
function nodeHTTP(): typeof import('node:http') {
  const http = globalThis.process?.getBuiltinModule?.('node:http')
  if (!http)
    throw new Error('createMockServer needs Node >= 20.16, Bun or Deno; elsewhere use mockHandlers or mockFetch.')
  return http
}

async function serve(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse, maxBodyBytes: number) {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  try {
    const response = await handle(await toRequest(incoming, maxBodyBytes, gone.signal))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.flushHeaders()
    await send(response.body, outgoing, gone.signal)
    outgoing.end()
  } catch {
    // The client went away, or the script cuts the body here: both end the connection.
    outgoing.destroy()
  }
}

async function send(body: ReadableStream<Uint8Array> | null, outgoing: ServerResponse, signal: AbortSignal) {
  const reader = body?.getReader()
  if (!reader) return
  const gone = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // Without this, a client that leaves after the last write would leave a rejection that nobody handles.
  gone.catch(() => reader.cancel().catch(() => {}))
  for (;;) {
    const { value, done } = await Promise.race([reader.read(), gone])
    if (done) return
    // Waiting for each chunk to leave keeps the client's pace, and lets a later cut lose nothing that was sent.
    await Promise.race([written(outgoing, value), gone])
  }
}

function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}

async function toRequest(incoming: IncomingMessage, maxBodyBytes: number, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  const body = await collect(incoming, maxBodyBytes)
  const init = { method, headers, signal, ...(method === 'GET' || method === 'HEAD' ? {} : { body }) }
  return new Request(`http://${incoming.headers.host ?? '127.0.0.1'}${url}`, init)
}

/** A body up to one byte past the limit, which is enough to see that it is too long; the rest is read and dropped. */
async function collect(incoming: IncomingMessage, maxBodyBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    if (length <= maxBodyBytes) chunks.push(chunk)
    length += chunk.length
  }
  const whole = new Uint8Array(Math.min(length, maxBodyBytes + 1))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, whole.length - at), at)
    at += chunk.length
  }
  return whole
}
