import { Rejection } from '../errors/rejection.ts'
import { corsHeaders, preflightResponse } from '../http/cors.ts'
import { errorResponse } from '../http/error-response.ts'
import { toResponse } from '../http/outgoing-response.ts'
import { type BodyPart, bodyOf } from '../stream/body-part.ts'
import type { Cassette, CassetteExchange, CassetteRequest, CassetteResponse } from './cassette.ts'
import { bytesOfChunk } from './cassette-chunk.ts'
import { redactText, toCassetteRequest } from './redaction.ts'
import { requestDiff } from './request-diff.ts'
import { secretsOf } from './secrets.ts'

/** How requests find their recorded answers. */
export interface ReplayerOptions {
  /**
   * Which recorded answer a request gets. `strict`, the default: the next one, if the request is the recorded one.
   * `any`: the first unused one of an equal request. `order`: the next one, whatever the request.
   */
  match?: 'strict' | 'any' | 'order'
  /** Wait as the API did; default `false`: answer at once. */
  timing?: boolean
  /** What the cassette was recorded with. */
  redact?: (text: string) => string
}

/** A handler that answers from a cassette. */
export interface Replayer {
  (request: Request): Promise<Response>
  /** What was asked for and not recorded: a description each. */
  readonly mismatches: readonly string[]
  /** How many recorded answers were not asked for yet. */
  readonly left: number
}

/** A request that was not recorded is answered with a 500 that says where it differs, and that no client retries. */
export function createReplayer({ exchanges }: Cassette, options: ReplayerOptions = {}): Replayer {
  const { match = 'strict', timing = false, redact = (text) => text } = options
  const left = [...exchanges]
  const mismatches: string[] = []
  const handle = async (request: Request): Promise<Response> => {
    const headers = Object.fromEntries(request.headers)
    const preflight = preflightResponse({ method: request.method, headers })
    if (preflight) return toResponse(preflight, request.signal)
    const cors = corsHeaders(headers)
    const secrets = secretsOf(request)
    const actual = toCassetteRequest(request, await request.text(), (text) => redact(redactText(text, secrets)))
    const index = match === 'any' ? left.findIndex((one) => requestDiff(one.request, actual).length === 0) : 0
    const exchange = left[index]
    const problem =
      match === 'order' && exchange ? undefined : problemWith(exchange ?? left[0], actual, exchange !== undefined)
    if (problem !== undefined || !exchange) {
      mismatches.push(problem ?? '')
      const rejection = new Rejection(problem ?? '', { type: 'api_error', headers: { 'x-should-retry': 'false' } })
      return toResponse(errorResponse(rejection, 'req_replay', cors), request.signal)
    }
    left.splice(index, 1)
    const { response } = exchange
    const body = response.chunks.length === 0 && !response.cut ? null : bodyOf(parts(response, timing), request.signal)
    return new Response(body, { status: response.status, headers: { ...response.headers, ...cors } })
  }
  const replayer = Object.assign(handle, { mismatches, left: 0 })
  return Object.defineProperty(replayer, 'left', { get: () => left.length })
}

function problemWith(
  { request }: Partial<CassetteExchange> = {},
  actual: CassetteRequest,
  isTheOne: boolean,
): string | undefined {
  if (!request) return `Nothing is left in the cassette for ${actual.method} ${actual.path}.`
  const lines = requestDiff(request, actual)
  if (lines.length === 0) return undefined
  const what = isTheOne ? 'The request is not the recorded one' : 'No such request was recorded; the next one differs'
  return [`${what}:`, ...lines.map((line) => `  ${line}`)].join('\n')
}

function* parts({ chunks, cut }: CassetteResponse, timing: boolean): Generator<BodyPart> {
  for (const chunk of chunks) {
    if (timing && chunk[0] > 0) yield { waitMs: chunk[0] }
    yield bytesOfChunk(chunk)
  }
  if (cut) yield { cut: true }
}
