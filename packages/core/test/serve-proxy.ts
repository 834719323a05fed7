import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTLSServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface LocalProxy {
  /** Without user and password. */
  host: string
  /** The `host:port` of each tunnel that was asked for, with what it was asked with. */
  asked: { to: string; authorization: string | undefined }[]
  close(): Promise<void>
}

/**
 * A proxy on 127.0.0.1 that tunnels with CONNECT wherever it is asked to, and passes on no request in the open.
 *
 * @param statusOf what it answers instead of opening a tunnel, where that is not 200; 0 is no answer
 * @param tls speaks TLS to its clients, with this
 */
export async function serveProxy(
  statusOf: (request: IncomingMessage) => number = () => 200,
  tls?: { cert: string; key: string },
): Promise<LocalProxy> {
  const asked: LocalProxy['asked'] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => sockets.add(socket.on('error', () => {}))
  const server = tls ? createTLSServer(tls) : createServer()
  server.on('request', (_, response) => response.writeHead(405).end())
  server.on('connection', keep)
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const to = request.url ?? ''
    asked.push({ to, authorization: request.headers['proxy-authorization'] })
    const status = statusOf(request)
    if (status === 0) return
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const [host, port] = to.split(':')
    const target = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    keep(target)
    target.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
