import { Rejection } from '../errors/rejection.ts'

// The API talks to pages of other origins only where the client says that it knows what that means.
const consent = 'anthropic-dangerous-direct-browser-access'

/** The answer to a browser's question whether a page may send a request; `undefined` for any other request. */
export function preflightResponse({ method, headers }: Request): Response | undefined {
  if (method !== 'OPTIONS' || !headers.has('access-control-request-method')) return undefined
  const asked = headers.get('access-control-request-headers') ?? ''
  if (!asked.toLowerCase().includes(consent)) return new Response(null, { status: 200 })
  return new Response(null, {
    status: 200,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
      'access-control-allow-headers': asked,
      'access-control-max-age': '600',
    },
  })
}

/** What lets a page of another origin read the response. */
export function corsHeaders(headers: Headers): Record<string, string> {
  if (!headers.has(consent)) return {}
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }
}

/** @throws {Rejection} 401 for a page whose client does not ask for direct access */
export function checkOrigin(headers: Headers): void {
  if (headers.has('origin') && !headers.has(consent)) {
    throw new Rejection(`CORS requests must set '${consent}' header`, { type: 'authentication_error' })
  }
}
