import { type APIHandler, createAPIHandler } from './api-handler.ts'
import type { MockOptions } from './mock-options.ts'

/** A `fetch` that never touches the network. */
export interface MockFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  readonly requests: APIHandler['requests']
  readonly ledger: APIHandler['ledger']
}

/**
 * The mock as a `fetch` function, for any client that takes one. It looks at the path of a URL alone; the host does not matter.
 *
 * @example
 * ```ts
 * const fetch = mockFetch({ script: script(['Hello!']) })
 * const client = createClient({ apiKey: 'test', fetch })
 * ```
 */
export function mockFetch(options: MockOptions = {}): MockFetch {
  const api = createAPIHandler(options)
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return api(request)
  }
  return Object.assign(fetch, { requests: api.requests, ledger: api.ledger })
}
