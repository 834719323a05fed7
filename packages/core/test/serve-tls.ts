import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream, type Settings } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { selfSigned } from './self-signed.ts'

export interface TLSServer {
  url: string
  /** Its certificate, which vouches for itself. */
  ca: string
  /** Every connection that was ever made. */
  sockets: TLSSocket[]
  close(): Promise<void>
}

/** An HTTP/2 server on 127.0.0.1: each request that has come whole goes to `answer`. */
export async function serveHTTP2(
  answer: (stream: ServerHttp2Stream, number: number) => void,
  settings: Settings = {},
): Promise<TLSServer> {
  const { cert, key } = selfSigned()
  const server = createSecureServer({ cert, key, settings })
  let number = 0
  server.on('stream', (stream) => {
    // What the other side breaks off is an error here, too.
    stream.on('error', () => {})
    stream.resume().once('end', () => answer(stream, number++))
  })
  return listen(server, cert)
}

/** A server for HTTP/1.1 alone. */
export async function serveHTTPS(answer: RequestListener): Promise<TLSServer> {
  const { cert, key } = selfSigned()
  return listen(createServer({ cert, key }, answer), cert)
}

async function listen(server: Http2SecureServer | ReturnType<typeof createServer>, ca: string): Promise<TLSServer> {
  const sockets: TLSSocket[] = []
  server.on('secureConnection', (socket: TLSSocket) => sockets.push(socket.on('error', () => {})))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
