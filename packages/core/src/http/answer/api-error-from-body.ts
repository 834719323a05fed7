import { explain } from '#platform'
import { APIError, type APIErrorFields } from '../../errors/api/api-error.ts'
import { AuthenticationError } from '../../errors/api/authentication-error.ts'
import { BillingError } from '../../errors/api/billing-error.ts'
import { ConflictError } from '../../errors/api/conflict-error.ts'
import { InvalidRequestError } from '../../errors/api/invalid-request-error.ts'
import { NotFoundError } from '../../errors/api/not-found-error.ts'
import { OverloadedError } from '../../errors/api/overloaded-error.ts'
import { PermissionDeniedError } from '../../errors/api/permission-denied-error.ts'
import { RateLimitError } from '../../errors/api/rate-limit-error.ts'
import { RequestTooLargeError } from '../../errors/api/request-too-large-error.ts'
import { ServerError } from '../../errors/api/server-error.ts'
import { redact } from '../../errors/redact.ts'
import type { ErrorBody, ErrorObject } from '../../wire/index.ts'
import { parseRetryAfter } from './parse-retry-after.ts'

/** By status. Their codes begin as the API's types do. */
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
 * @param httpStatus the HTTP status; 0 where it says nothing, so that the error's type does: the same class and status as the
 * HTTP error of its type has. One without a known type has the status that stands in its `code`, as gateways write it, or
 * 500.
 * @param headers the response's headers
 */
export function apiErrorFromBody(text: string, httpStatus: number, headers?: Headers): APIError {
  const redacted = redact(text)
  let body: unknown = redacted
  try {
    // In JSON a credential may be written with escapes.
    body = JSON.parse(redacted, (_, value) => (typeof value === 'string' ? redact(value) : value))
  } catch {}
  const { error, request_id } = Object(body) as Partial<ErrorBody>
  const { type, code, message: said, details } = Object(error) as Partial<ErrorObject & { code: unknown }>
  let status = httpStatus
  if (!status) {
    status = type === 'timeout_error' ? 504 : /^[45]\d\d$/.test(`${code}`) ? Number(code) : 500
    for (const known in classes) if (`${type}`.startsWith(classes[known]!.prototype.code.slice(0, 10))) status = +known
  }
  // A gateway's HTML page reads better without its tags.
  const page = redacted.replace(/(<[^<>]*>|\s)+/g, ' ').slice(0, 200)
  const message = explain(`${status} ${type ?? 'error'}: ${said ?? page}`)
  const [, day, time] = /regain access on (\S+) at (\S+) UTC/.exec(message) ?? []
  const unpaid = status === 400 && /credit balance|specified .*limits/.test(message)
  const Kind = classes[unpaid ? 402 : status] ?? (status >= 500 ? ServerError : APIError)
  return new Kind(message, {
    status,
    type,
    errorCode: details?.error_code,
    details: details ?? undefined,
    requestId: redact(`${headers?.get('request-id') ?? request_id ?? ''}`) || undefined,
    headers,
    body,
    ...parseRetryAfter(headers),
    ...(day && { resetsAt: new Date(`${day}T${time}Z`) }),
  })
}
