import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: unknown
}

export interface LocalServer {
  url: string
  received: Received[]
  close(): Promise<void>
}

/** A server on 127.0.0.1 that does what `answer` does, and remembers what it got. */
export async function serve(answer: (response: ServerResponse, attempt: number) => void): Promise<LocalServer> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '')
    const { method = '', url = '', headers } = request
    received.push({ method, url, headers, body: /^[{[]/.test(body) ? JSON.parse(body) : body || undefined })
    answer(response, received.length - 1)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers with JSON. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers })
  response.end(JSON.stringify(body))
}

export function errorBody(type: string, message = 'No.'): object {
  return { type: 'error', error: { type, message }, request_id: 'req_body' }
}
