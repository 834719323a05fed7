import type { APIError } from '../../errors/api/api-error.ts'
import { apiErrorFromBody } from './api-error-from-body.ts'

/**
 * The typed error for an `error` event in a stream, or an error body whose status says that all is well: the same class
 * and status as the HTTP error of its type has. One without a known type has the status that stands in its `code`, as
 * gateways write it, or 500.
 *
 * @param headers the response's headers
 */
export function apiErrorFromEvent(event: unknown, headers?: Headers): APIError {
  return apiErrorFromBody(JSON.stringify(event ?? null), 0, headers)
}
