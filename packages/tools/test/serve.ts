import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server on 127.0.0.1 for one test. */
export async function serve(handler: RequestListener) {
  const seen: string[] = []
  let connections = 0
  const server = createServer((request, response) => {
    seen.push(request.url ?? '')
    handler(request, response)
  })
  server.on('connection', () => {
    connections++
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    /** The paths that were asked for. */
    seen,
    get connections() {
      return connections
    },
  }
}

/** A handler that sends a body of a type. */
export const page =
  (body: string | Uint8Array, type = 'text/html', headers: { [name: string]: string } = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, { ...(type && { 'content-type': type }), ...headers }).end(body)
  }
