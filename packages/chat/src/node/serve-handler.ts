import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

export interface ServeOptions {
  /** Default 0: any that is free. */
  port?: number | undefined
  /** Default `127.0.0.1`: this machine alone. */
  host?: string | undefined
}

/** A server that answers by a fetch handler: a body is read and written no faster than the other side does. */
export async function serveHandler(
  handle: (request: Request) => Promise<Response>,
  { port = 0, host = '127.0.0.1' }: ServeOptions = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port: bound } = server.address() as AddressInfo
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, close: () => close(server) }
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  try {
    const { method = 'GET', url, headers } = incoming
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const known = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]))
    const response = await handle(
      new Request(new URL(url ?? '/', 'http://localhost'), {
        method,
        headers: known as [string, string][],
        signal: gone.signal,
        ...(hasBody && { body: Readable.toWeb(incoming) as never, duplex: 'half' }),
      } as RequestInit),
    )
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body) await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing)
    else outgoing.end()
  } catch {
    // The handler answers for its own failures: what fails here is the connection.
    outgoing.destroy()
  }
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
