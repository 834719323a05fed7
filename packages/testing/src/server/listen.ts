import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ConnectionReset } from '../errors/connection-reset.ts'
import type { IncomingRequest } from '../http/incoming-request.ts'
import type { OutgoingResponse } from '../http/outgoing-response.ts'
import { nodeModule } from './node-module.ts'
import { type Gone, readIncoming } from './read-incoming.ts'
import { gzipInto, writeBody } from './write-body.ts'

/** What answers requests; one that passes a body on may give it as it comes. */
export type Handle = (request: IncomingRequest) => Promise<ServedResponse>

interface ServedResponse extends Omit<OutgoingResponse, 'body'> {
  body: OutgoingResponse['body'] | AsyncIterable<Uint8Array>
}

export interface ListenOptions {
  port: number
  maxBodyBytes: number
  gzip: boolean
}

/** Serves a handler on 127.0.0.1 with Node's own HTTP server. */
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
  const gone = watch(outgoing)
  try {
    const response = await handle(await readIncoming(incoming, options.maxBodyBytes, gone))
    await answer(response, incoming, outgoing, options.gzip, gone)
  } catch (error) {
    // The client went away, or the script resets the connection.
    if (error instanceof ConnectionReset) outgoing.socket?.resetAndDestroy()
    else outgoing.destroy()
  }
}

async function answer(
  { status, headers, body }: ServedResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  gzip: boolean,
  gone: Gone,
): Promise<void> {
  const zips = gzip && /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
  const whole = body ?? ''
  const isWhole = typeof whole === 'string' || whole instanceof Uint8Array
  const length = isWhole ? { 'content-length': Buffer.byteLength(whole) } : {}
  outgoing.writeHead(status, { ...headers, ...(zips ? { 'content-encoding': 'gzip' } : length) })
  const sink = zips ? gzipInto(outgoing) : outgoing
  if (isWhole) return void sink.end(whole)
  if (await writeBody(whole, sink, gone, () => outgoing.flushHeaders())) return void sink.end()
  // What was written before a cut must arrive.
  if (sink !== outgoing) await new Promise<void>((resolve) => (sink as import('node:zlib').Gzip).flush(resolve))
  const { socket } = outgoing
  if (socket) await new Promise((resolve) => socket.write('', resolve))
  outgoing.destroy()
}

/** Notices a client that goes away before its answer is whole. */
function watch(outgoing: ServerResponse): Gone {
  let controller: AbortController | undefined
  const isGone = () => outgoing.destroyed || (outgoing.closed && !outgoing.writableFinished)
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) controller?.abort()
  })
  return {
    get signal() {
      controller ??= new AbortController()
      if (isGone()) controller.abort()
      return controller.signal
    },
  }
}
