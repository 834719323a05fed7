import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** One address for several workers: deals out connections, each to whoever has the fewest and answers. */
export interface Balancer {
  readonly url: string
  /** The ports of the workers, as they are now. */
  readonly ports: Set<number>
  close(): Promise<void>
}

export async function startBalancer(): Promise<Balancer> {
  const ports = new Set<number>()
  const counts = new Map<number, number>()
  const sockets = new Set<Socket>()
  const countOf = (port: number) => counts.get(port) ?? 0

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    let tries = [...ports].sort((a, b) => countOf(a) - countOf(b))
    const next = () => {
      const port = tries[0]
      tries = tries.slice(1)
      if (port === undefined) return void socket.destroy()
      const worker = connect(port, '127.0.0.1')
      counts.set(port, countOf(port) + 1)
      worker.once('close', () => counts.set(port, countOf(port) - 1))
      worker.once('error', next)
      worker.once('connect', () => {
        worker.off('error', next).on('error', () => socket.destroy())
        worker.on('close', () => socket.destroy())
        socket.on('close', () => worker.destroy())
        socket.pipe(worker).pipe(socket)
      })
    }
    next()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ports,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
