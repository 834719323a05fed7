import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ConnectionReset } from '../errors/connection-reset.ts'
import { gzipInto, readIncoming, writeBody } from './node-body.ts'
import { nodeModule } from './node-module.ts'

type Handle = (request: Request) => Promise<Response>

export interface ListenOptions {
  port: number
  maxBodyBytes: number
  gzip: boolean
}

/** Serves a fetch handler on 127.0.0.1 with Node's own HTTP server. */
export async function listen(handle: Handle, options: ListenOptions) {
  const sockets = new Set<Socket>()
  const server = nodeModule('node:http').createServer(
    (incoming, outgoing) => void serve(handle, incoming, outgoing, options),
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // A burst of connections must not be turned away.
    server.listen({ port: options.port, host: '127.0.0.1', backlog: 4096 }, () => {
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

async function serve(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse, options: ListenOptions) {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  try {
    const response = await handle(await toRequest(incoming, options.maxBodyBytes, gone.signal))
    const zips = options.gzip && /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
    const headers = Object.fromEntries(response.headers)
    outgoing.writeHead(response.status, zips ? { ...headers, 'content-encoding': 'gzip' } : headers)
    outgoing.flushHeaders()
    const sink = zips ? gzipInto(outgoing) : outgoing
    if (response.body) await writeBody(response.body, sink, gone.signal)
    sink.end()
  } catch (error) {
    // The client went away, or the script cuts the body here: both end the connection.
    if (error instanceof ConnectionReset) outgoing.socket?.resetAndDestroy()
    else outgoing.destroy()
  }
}

async function toRequest(incoming: IncomingMessage, maxBodyBytes: number, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  const body = await readIncoming(incoming, maxBodyBytes)
  const init = { method, headers, signal, ...(method === 'GET' || method === 'HEAD' ? {} : { body }) }
  return new Request(`http://${incoming.headers.host ?? '127.0.0.1'}${url}`, init)
}
