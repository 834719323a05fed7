import type { RequestHandler } from 'msw'
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
  const handler = lateHandler(`${base.origin}${prefix}/*`, async (request) => {
    const url = new URL(request.url)
    url.pathname = url.pathname.slice(prefix.length)
    try {
      return await api(prefix === '' ? request : new Request(url, request))
    } catch (error) {
      // To msw an error is a 500, where the client has to see none at all.
      if (error instanceof ConnectionReset) return Response.error()
      throw error
    }
  })
  return Object.assign([handler], { requests: api.requests, ledger: api.ledger })
}

/**
 * What msw needs of a handler, with msw itself loaded at the first request: it takes longer to load than all else here, and
 * whoever uses the handlers has it loaded by then. The part that is needed, since the whole of msw brings GraphQL along.
 */
function lateHandler(path: string, resolve: (request: Request) => Promise<Response>): RequestHandler {
  let loading: Promise<RequestHandler> | undefined
  const load = () => {
    loading ??= import('msw/core/http').then(({ http }) => http.all(path, ({ request }) => resolve(request)))
    return loading
  }
  const handler = {
    kind: 'request',
    // The same, to older versions of msw.
    __kind: 'RequestHandler',
    info: { header: `all ${path}` },
    isUsed: false,
    async run(given: Parameters<RequestHandler['run']>[0]) {
      const result = await (await load()).run(given)
      if (result) handler.isUsed = true
      return result
    },
    async log(given: Parameters<RequestHandler['log']>[0]) {
      const real = await load()
      real.log(given)
    },
    // It holds nothing between requests.
    reset() {},
    restore() {},
  }
  return handler as unknown as RequestHandler
}
