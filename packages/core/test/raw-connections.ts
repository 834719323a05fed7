import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawConnections {
  url: string
  /** The requests, as they came. */
  received: string[]
  sockets: Socket[]
  close(): Promise<void>
}

/** A server below HTTP that keeps its connections: `answer` writes what it likes when a request is here whole. */
export async function rawConnections(answer: (socket: Socket, request: string) => void): Promise<RawConnections> {
  const received: string[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const end = text.indexOf('\r\n\r\n') + 4
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (end < 4 || text.length < end + length) return
      const request = text
      text = ''
      received.push(request)
      answer(socket, request)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}
