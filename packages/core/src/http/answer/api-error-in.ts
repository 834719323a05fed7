import type { APIError } from '../../errors/api/api-error.ts'
import type { ErrorBody } from '../../wire/index.ts'
import { apiErrorFromEvent } from './api-error-from-event.ts'

/**
 * The typed error that an answer or an event is, though its status says that all is well; `undefined` where it is none.
 * Gateways leave out the outer `type`.
 */
export function apiErrorIn(value: unknown, headers?: Headers): APIError | undefined {
  const { type, error } = Object(value) as Partial<ErrorBody>
  return type === 'error' || (!type && error) ? apiErrorFromEvent(value, headers) : undefined
}
