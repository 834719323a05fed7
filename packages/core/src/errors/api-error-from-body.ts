import { parseRetryAfter } from '../http/retry-after.ts'
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

const classes: Record<number, new (message: string, fields: APIErrorFields) => APIError> = {
  400: InvalidRequestError,
  401: AuthenticationError,
  402: BillingError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  413: RequestTooLargeError,
  429: RateLimitError,
  529: OverloadedError,
}

/**
 * The typed error for an error body, whichever way it came.
 *
 * @param text the body: JSON as the API writes it, or whatever a gateway put in its place
 * @param status the HTTP status, or what it would be for an `error` event
 * @param headers the response's headers
 */
export function apiErrorFromBody(text: string, status: number, headers?: Headers): APIError {
  let body: unknown = redact(text)
  try {
    body = JSON.parse(body as string)
  } catch {}
  const { error, request_id } = Object(body) as { error?: { type?: string; message?: string }; request_id?: string }
  // A gateway's HTML page reads better without its tags.
  const message =
    error?.message ||
    String(body)
      .replace(/<[^>]*>|\s+/g, ' ')
      .trim()
      .slice(0, 200)
  const billing = status === 400 && message.includes('credit balance is too low')
  const Kind = classes[billing ? 402 : status] ?? (status >= 500 ? ServerError : APIError)
  const retryAfterMs = parseRetryAfter(headers)
  return new Kind(`${status} ${error?.type ?? ''}: ${message}`, {
    status,
    type: error?.type,
    requestId: headers?.get('request-id') ?? request_id ?? undefined,
    headers,
    body,
    retryAfterMs,
    resetsAt: retryAfterMs === undefined ? undefined : new Date(Date.now() + retryAfterMs),
  })
}
