import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawServer {
  url: string
  /** One for each request, in their order. */
  requests: string[]
  sockets: ReadonlySet<Socket>
  close(): Promise<void>
}

/** A server below HTTP: `answer` writes what it likes as soon as a request has begun; every connection takes one. */
export async function serveRaw(answer: (socket: Socket, attempt: number) => void): Promise<RawServer> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', (data) => {
      requests.push(data.toString('latin1'))
      answer(socket, requests.length - 1)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The beginning of an answer, after which the connection closes. */
export const head = (status: number, ...headers: string[]): string =>
  [`HTTP/1.1 ${status} X`, 'connection: close', ...headers, '', ''].join('\r\n')
