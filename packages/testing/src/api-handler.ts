import { toIncomingRequest } from './http/incoming-request.ts'
import { toResponse } from './http/outgoing-response.ts'
import { createMockAPI, type MockAPI } from './mock-api.ts'
import { defaults, type MockOptions } from './mock-options.ts'

/**
 * The Messages API as a function: a request in, a response out, no network. It rejects only where the request's own
 * signal is aborted, or the script resets the connection.
 */
export interface APIHandler extends Pick<MockAPI, 'requests' | 'ledger'> {
  (request: Request): Promise<Response>
}

/**
 * @example
 * ```ts
 * const api = createAPIHandler({ script: script(['Hello!']) })
 * const response = await api(new Request('https://api.anthropic.com/v1/messages', { method: 'POST', headers, body }))
 * ```
 */
export function createAPIHandler(options: MockOptions = {}): APIHandler {
  const { handle, requests, ledger } = createMockAPI(options)
  const { maxBodyBytes = defaults.maxBodyBytes } = options
  const handler = async (request: Request): Promise<Response> =>
    toResponse(await handle(await toIncomingRequest(request, maxBodyBytes)), request.signal)
  return Object.assign(handler, { requests, ledger })
}
