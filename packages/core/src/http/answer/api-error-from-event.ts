import type { APIError } from '../../errors/api/api-error.ts'
import { apiErrorFromBody, classes } from './api-error-from-body.ts'

/**
 * The typed error for an `error` event in a stream, or an error body whose status says that all is well: the same class
 * and status as the HTTP error of its type has. One without a known type has the status that stands in its `code`, as
 * gateways write it, or 500.
 *
 * @param headers the response's headers
 */
export function apiErrorFromEvent(event: unknown, headers?: Headers): APIError {
  const { type, code } = Object(Object(event).error) as { type?: unknown; code?: unknown }
  const said = `${type}`
  const known = Object.entries(classes).find(([, { prototype }]) => said.startsWith(prototype.code.slice(0, 10)))
  const status = Number(known?.[0] ?? (said === 'timeout_error' ? 504 : code))
  return apiErrorFromBody(JSON.stringify(event ?? null), status >= 400 && status < 600 ? status : 500, headers)
}
