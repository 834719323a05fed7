import type { ErrorBody } from '@enjamb/core'
import type { Rejection } from '../errors/rejection.ts'
import type { OutgoingResponse } from './outgoing-response.ts'

/** The body of an error, in a response or as the data of an `error` event. */
export function errorBody({ type, message, details }: Rejection, requestId: string): ErrorBody {
  const error = { type: type as ErrorBody['error']['type'], message, ...(details ? { details } : {}) }
  return { type: 'error', error, request_id: requestId }
}

/** A JSON response of the error's status; `x-should-retry` as the API sets it. */
export function errorResponse(
  rejection: Rejection,
  requestId: string,
  headers: Record<string, string>,
): OutgoingResponse {
  const { status } = rejection
  const retryable = status === 408 || status === 409 || status === 429 || status >= 500
  return {
    status,
    body: JSON.stringify(errorBody(rejection, requestId)),
    headers: {
      ...headers,
      'content-type': 'application/json',
      // A gateway that says 200 to an error says nothing of retries either.
      ...(status < 400 ? {} : { 'x-should-retry': String(retryable) }),
      ...rejection.headers,
    },
  }
}
