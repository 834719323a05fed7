import { createBookkeeper, type Ledger } from './accounts/ledger.ts'
import { createPromptCache } from './accounts/prompt-cache.ts'
import { createRateLimiter } from './accounts/rate-limiter.ts'
import { errorOfTurn } from './endpoints/error-of-turn.ts'
import type { Exchange, MockState } from './endpoints/exchange.ts'
import { madeFile } from './endpoints/files/stored-file.ts'
import { findRoute } from './endpoints/find-route.ts'
import { ConnectionReset } from './errors/connection-reset.ts'
import { Rejection } from './errors/rejection.ts'
import { checkCredentials } from './http/check-credentials.ts'
import { checkOrigin, corsHeaders, preflightResponse } from './http/cors.ts'
import { errorResponse } from './http/error-response.ts'
import type { IncomingRequest } from './http/incoming-request.ts'
import type { OutgoingResponse } from './http/outgoing-response.ts'
import { objectOf, parseBody } from './http/parse-body.ts'
import { type RecordedRequest, redactedHeaders } from './http/recorded-request.ts'
import { createThreads } from './message/threads.ts'
import { defaults, type MockOptions } from './mock-options.ts'
import { createIds } from './random/create-ids.ts'
import { createRandom, createTrueRandom } from './random/create-random.ts'
import { createPlayer } from './script/player.ts'

const decoder = new TextDecoder()

/** What every way in shares: a request in, a response out, and what is remembered of both. */
export interface MockAPI {
  /** Rejects only where the request's own signal is aborted, or the script resets the connection. */
  handle(request: IncomingRequest): Promise<OutgoingResponse>
  /** What came in, the oldest first; what a browser asks before it sends a request is not among it. */
  readonly requests: readonly RecordedRequest[]
  /** What was answered, and what it would have cost. */
  readonly ledger: Ledger
}

export function createMockAPI(options: MockOptions = {}): MockAPI {
  const state = createState(options)
  const handle = async (request: IncomingRequest): Promise<OutgoingResponse> => {
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
  return { handle, requests: state.requests, ledger: state.books.ledger }
}

function createState(given: MockOptions): MockState {
  const options = { ...defaults, ...given }
  const { now, rateLimits = {}, maxRecordedRequests, seed } = options
  return {
    options,
    player: createPlayer(options.script ?? { turns: [] }),
    cache: createPromptCache(now),
    limiter: createRateLimiter(rateLimits, now),
    books: createBookkeeper(maxRecordedRequests),
    threads: createThreads(),
    newId: seed === undefined ? createIds(createTrueRandom()) : undefined,
    batches: new Map(),
    files: new Map(
      options.files?.flatMap((file) => (typeof file === 'string' ? [] : [[file.id, madeFile(file, now())] as const])),
    ),
    requests: [],
    count: 0,
  }
}

function begin(request: IncomingRequest, state: MockState): Exchange {
  // Each request has numbers of its own, so that those of one do not depend on what runs beside it.
  const key = `${state.options.seed ?? ''}:${state.count++}`
  const newId = state.newId ?? createIds(createRandom(`ids:${key}`))
  const requestId = newId('req')
  const headers = {
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    ...corsHeaders(request.headers),
  }
  return { request, requestId, headers, newId, randomFor: (purpose) => createRandom(`${purpose}:${key}`), state }
}

async function answer(exchange: Exchange): Promise<OutgoingResponse> {
  const { request, requestId, state } = exchange
  const { method, path, query, headers } = request
  const record: RecordedRequest = {
    method,
    path,
    query: query === '' ? {} : Object.fromEntries(new URLSearchParams(query)),
    headers: redactedHeaders(headers),
    body: undefined,
    requestId,
  }
  remember(record, state)
  if (!request.body) throw new Rejection('Request exceeds the maximum size', { type: 'request_too_large' })
  const parsed = parseBody(decoder.decode(request.body))
  record.body = parsed.value
  const { route, id } = findRoute(method, path)
  checkOrigin(headers)
  checkCredentials(headers, state.options.apiKeys)
  const failure = state.options.failure?.(record)
  if (failure !== undefined) throw errorOfTurn(failure)
  return route.run({ ...exchange, id, record, body: route.takesJSON ? objectOf(parsed) : {} })
}

function remember(record: RecordedRequest, { requests, options }: MockState): void {
  requests.push(record)
  if (requests.length > options.maxRecordedRequests) requests.shift()
}

/** An error of the script's author is no error of the API: it must not be retried away. */
function asRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error
  const message = `The mock failed: ${error instanceof Error ? error.message : String(error)}`
  return new Rejection(message, { type: 'api_error', headers: { 'x-should-retry': 'false' } })
}
