import type { APIError } from '../../errors/api/api-error.ts'
import { apiErrorFromEvent } from './api-error-from-event.ts'
import { isErrorBody } from './is-error-body.ts'

/** The typed error that an answer or an event is, though its status says that all is well; `undefined` where it is none. */
export function apiErrorIn(value: unknown, headers?: Headers): APIError | undefined {
  return isErrorBody(value) ? apiErrorFromEvent(value, headers) : undefined
}
