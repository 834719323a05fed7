import { createBookkeeper, type Ledger } from './accounts/ledger.ts'
import { createPromptCache } from './accounts/prompt-cache.ts'
import { createRateLimiter } from './accounts/rate-limiter.ts'
import type { Exchange, MockState } from './endpoints/exchange.ts'
import { findRoute } from './endpoints/find-route.ts'
import { ConnectionReset } from './errors/connection-reset.ts'
import { errorResponse } from './errors/error-response.ts'
import { Rejection } from './errors/rejection.ts'
import { checkCredentials } from './http/check-credentials.ts'
import { checkOrigin, corsHeaders, preflightResponse } from './http/cors.ts'
import { parseJSONObject, readBody } from './http/read-body.ts'
import { type RecordedRequest, redactedHeaders } from './http/recorded-request.ts'
import { createThreads } from './message/threads.ts'
import { defaults, type MockOptions } from './mock-options.ts'
import { createIds } from './random/create-ids.ts'
import { createRandom, createTrueRandom } from './random/create-random.ts'
import { createPlayer } from './script/player.ts'

/**
 * The Messages API as a function: a request in, a response out, no network. Every other form of the mock calls one.
 * It rejects only where the request's own signal is aborted, or the script resets the connection.
 */
export interface APIHandler {
  (request: Request): Promise<Response>
  /** What came in, the oldest first; what a browser asks before it sends a request is not among it. */
  readonly requests: readonly RecordedRequest[]
  /** What was answered, and what it would have cost. */
  readonly ledger: Ledger
}

/**
 * @example
 * ```ts
 * const api = createAPIHandler({ script: script(['Hello!']) })
 * const response = await api(new Request('https://api.anthropic.com/v1/messages', { method: 'POST', headers, body }))
 * ```
 */
export function createAPIHandler(options: MockOptions = {}): APIHandler {
  const state = createState(options)
  const handle = async (request: Request): Promise<Response> => {
    const preflight = preflightResponse(request)
    if (preflight) return preflight
    const exchange = begin(request, state)
    try {
      return await answer(exchange)
    } catch (error) {
      if (request.signal.aborted || error instanceof ConnectionReset) throw error
      return errorResponse(asRejection(error), exchange.requestId, exchange.headers)
    }
  }
  return Object.assign(handle, { requests: state.requests, ledger: state.books.ledger })
}

function createState(given: MockOptions): MockState {
  const options = { ...defaults, ...given }
  const { now, minCacheableTokens, rateLimits = {}, maxRecordedRequests } = options
  return {
    options,
    player: createPlayer(options.script ?? { turns: [] }),
    cache: createPromptCache(now, minCacheableTokens),
    limiter: createRateLimiter(rateLimits, now),
    books: createBookkeeper(maxRecordedRequests),
    threads: createThreads(),
    batches: new Map(),
    files: new Map(),
    requests: [],
    count: 0,
  }
}

function begin(request: Request, state: MockState): Exchange {
  const { seed } = state.options
  // Each request has numbers of its own, so that those of one do not depend on what runs beside it.
  const key = `${seed ?? ''}:${state.count++}`
  const newId = createIds(seed === undefined ? createTrueRandom() : createRandom(`ids:${key}`))
  const requestId = newId('req')
  const headers = {
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    ...corsHeaders(request.headers),
  }
  return {
    request,
    url: new URL(request.url),
    requestId,
    headers,
    newId,
    randomFor: (purpose) => createRandom(`${purpose}:${key}`),
    state,
  }
}

async function answer(exchange: Exchange): Promise<Response> {
  const { request, url, requestId, state } = exchange
  const record: RecordedRequest = {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: redactedHeaders(request.headers),
    body: undefined,
    requestId,
  }
  remember(record, state)
  const bytes = await readBody(request, state.options.maxBodyBytes)
  const text = new TextDecoder().decode(bytes)
  if (text !== '') record.body = jsonOr(text)
  const { route, id } = findRoute(request.method, url.pathname)
  checkOrigin(request.headers)
  checkCredentials(request.headers, state.options.apiKeys)
  return route.run({ ...exchange, id, bytes, body: route.takesJSON ? parseJSONObject(text) : {} })
}

function remember(record: RecordedRequest, { requests, options }: MockState): void {
  requests.push(record)
  if (requests.length > options.maxRecordedRequests) requests.shift()
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** An error of the script's author is no error of the API: it must not be retried away. */
function asRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error
  const message = `The mock failed: ${error instanceof Error ? error.message : String(error)}`
  return new Rejection(message, { type: 'api_error', headers: { 'x-should-retry': 'false' } })
}
