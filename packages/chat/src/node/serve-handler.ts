import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@enjamb/core/node'

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
  const server = createServer(toNodeListener(handle))
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

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
