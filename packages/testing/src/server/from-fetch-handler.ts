import type { IncomingRequest } from '../http/incoming-request.ts'
import type { Handle } from './listen.ts'

/** Lets a handler of the platform's requests and responses be served by Node. */
export function fromFetchHandler(handler: (request: Request) => Promise<Response>): Handle {
  return async (incoming) => {
    const response = await handler(toRequest(incoming))
    return { status: response.status, headers: Object.fromEntries(response.headers), body: response.body }
  }
}

function toRequest({ method, origin, path, query, headers, body, signal }: IncomingRequest): Request {
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== undefined
  const known = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const url = `${origin}${path}${query === '' ? '' : `?${query}`}`
  return new Request(url, { method, headers: known as [string, string][], signal, ...(hasBody ? { body } : {}) })
}
