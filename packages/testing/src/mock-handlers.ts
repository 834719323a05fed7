import type { RequestHandler } from 'msw'
// The part that is needed: the whole of msw brings GraphQL along, and takes twice as long to load.
import { http } from 'msw/core/http'
import { type APIHandler, createAPIHandler } from './api-handler.ts'
import { ConnectionReset } from './errors/connection-reset.ts'
import type { MockOptions } from './mock-options.ts'

export interface MockHandlersOptions extends MockOptions {
  /** Where the client believes the API to be; default `https://api.anthropic.com`. */
  baseURL?: string
}

/** Handlers for msw, with what went through them. */
export type MockHandlers = RequestHandler[] & Pick<APIHandler, 'requests' | 'ledger'>

/**
 * The mock as handlers for msw, in Node (`setupServer`) and in a browser (`setupWorker`).
 *
 * @example
 * ```ts
 * const server = setupServer(...mockHandlers({ script: script(['Hello!']) }))
 * ```
 */
export function mockHandlers(options: MockHandlersOptions = {}): MockHandlers {
  const { baseURL = 'https://api.anthropic.com', ...rest } = options
  const base = new URL(baseURL)
  const prefix = base.pathname.replace(/\/$/, '')
  const api = createAPIHandler(rest)
  const handlers: RequestHandler[] = [
    http.all(`${base.origin}${prefix}/*`, async ({ request }) => {
      const url = new URL(request.url)
      url.pathname = url.pathname.slice(prefix.length)
      try {
        return await api(prefix === '' ? request : new Request(url, request))
      } catch (error) {
        // To msw an error is a 500, where the client has to see none at all.
        if (error instanceof ConnectionReset) return Response.error()
        throw error
      }
    }),
  ]
  return Object.assign(handlers, { requests: api.requests, ledger: api.ledger })
}
