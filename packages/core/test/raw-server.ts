import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawServer {
  url: string
  requests(): number
  close(): Promise<void>
}

/** A server below HTTP: `answer` writes what it likes as soon as a request has begun. */
export async function rawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  let requests = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', () => {
      requests++
      answer(socket)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The first lines of an answer whose body ends with the connection. */
export const head = (status: number, ...headers: string[]): string =>
  [`HTTP/1.1 ${status} X`, 'connection: close', ...headers, '', ''].join('\r\n')
