import { APIError, type APIErrorFields } from './api-error.ts'
import { AuthenticationError } from './authentication-error.ts'
import { BillingError } from './billing-error.ts'
import { ConflictError } from './conflict-error.ts'
import { InvalidRequestError } from './invalid-request-error.ts'
import { NotFoundError } from './not-found-error.ts'
import { OverloadedError } from './overloaded-error.ts'
import { PermissionDeniedError } from './permission-denied-error.ts'
import { RateLimitError } from './rate-limit-error.ts'
import { redact } from './redact.ts'
import { RequestTooLargeError } from './request-too-large-error.ts'
import { ServerError } from './server-error.ts'

/** Each status with the error type that the API sends beside it, and the class it becomes. */
const kinds: [status: number, type: string, kind: new (message: string, fields: APIErrorFields) => APIError][] = [
  [400, 'invalid_request_error', InvalidRequestError],
  [401, 'authentication_error', AuthenticationError],
  [402, 'billing_error', BillingError],
  [403, 'permission_error', PermissionDeniedError],
  [404, 'not_found_error', NotFoundError],
  [409, 'conflict_error', ConflictError],
  [413, 'request_too_large', RequestTooLargeError],
  [429, 'rate_limit_error', RateLimitError],
  [500, 'api_error', ServerError],
  [504, 'timeout_error', ServerError],
  [529, 'overloaded_error', OverloadedError],
]

/**
 * The typed error for an error body, whichever way it came.
 *
 * @param text the body: JSON as the API writes it, or whatever a gateway put in its place
 * @param status the HTTP status; left out for an `error` event, whose status follows from its type
 * @param headers the response's headers
 */
export function apiErrorFromBody(text: string, status?: number, headers?: Headers): APIError {
  const safe = redact(text)
  const body = parseOrText(safe)
  const { error, request_id } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: { type?: unknown; message?: unknown }
    request_id?: unknown
  }
  const type = typeof error?.type === 'string' ? error.type : undefined
  const row = kinds.find((kind) => (status === undefined ? kind[1] === type : kind[0] === status))
  const known = status ?? row?.[0] ?? 500
  const message = typeof error?.message === 'string' && error.message ? error.message : excerpt(safe)
  let Kind = row?.[2] ?? (known >= 500 ? ServerError : APIError)
  if (known === 400 && /credit balance is too low/i.test(message)) Kind = BillingError
  return new Kind(`${known} ${type ? `${type}: ` : ''}${message}`, {
    status: known,
    type,
    requestId: headers?.get('request-id') ?? (typeof request_id === 'string' ? request_id : undefined),
    headers,
    body,
  })
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The first words of a body that is no JSON: a gateway's HTML page reads better without its tags. */
function excerpt(text: string): string {
  const words = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words ? words.slice(0, 200) : 'the answer has no body'
}
