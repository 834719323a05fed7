import { Rejection } from '../errors/rejection.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { OutgoingResponse } from './outgoing-response.ts'

// The API talks to pages of other origins only where the client says that it knows what that means.
const consent = 'anthropic-dangerous-direct-browser-access'

type Asked = Pick<IncomingRequest, 'method' | 'headers'>

/** The answer to a browser's question whether a page may send a request; `undefined` for any other request. */
export function preflightResponse({ method, headers }: Asked): OutgoingResponse | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined
  const asked = headers['access-control-request-headers'] ?? ''
  if (!asked.toLowerCase().includes(consent)) return { status: 200, headers: {}, body: null }
  return {
    status: 200,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
      'access-control-allow-headers': asked,
      'access-control-max-age': '600',
    },
    body: null,
  }
}

/** What lets a page of another origin read the response. */
export function corsHeaders(headers: Asked['headers']): Record<string, string> {
  if (headers[consent] === undefined) return {}
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }
}

/** @throws {Rejection} 401 for a page whose client does not ask for direct access */
export function checkOrigin(headers: Asked['headers']): void {
  if (headers.origin !== undefined && headers[consent] === undefined) {
    throw new Rejection(`CORS requests must set '${consent}' header`, { type: 'authentication_error' })
  }
}
