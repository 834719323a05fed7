import type { APIError } from '../../errors/api/api-error.ts'
import type { ErrorBody } from '../../wire/index.ts'
import { apiErrorFromBody } from './api-error-from-body.ts'

/** The status that each type has over HTTP. */
const statuses: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
}

/** The typed error for an `error` event in a stream: the same class and status as the HTTP error of its type has. */
export function apiErrorFromEvent(event: unknown): APIError {
  const type = String((event as Partial<ErrorBody> | null)?.error?.type)
  return apiErrorFromBody(JSON.stringify(event ?? null), Object.hasOwn(statuses, type) ? statuses[type]! : 500)
}
