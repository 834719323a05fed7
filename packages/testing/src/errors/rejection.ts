import type { ErrorDetails } from '@enjamb/core'
import { type MockErrorType, statusOfType, typeOfStatus } from './error-type.ts'

/** Why a request is refused, on its way to becoming an error response. */
export class Rejection extends Error {
  override readonly name = 'Rejection'
  readonly status: number
  readonly type: MockErrorType
  readonly headers: Record<string, string>
  readonly details: ErrorDetails | undefined

  constructor(message: string, { status, type, headers = {}, details }: RejectionFields) {
    super(message)
    this.status = status ?? (type === undefined ? 500 : statusOfType(type))
    this.type = type ?? typeOfStatus(this.status)
    this.headers = headers
    this.details = details
  }
}

interface RejectionFields {
  status?: number | undefined
  type?: MockErrorType | undefined
  headers?: Record<string, string> | undefined
  details?: ErrorDetails | undefined
}

/** A 400 with the API's wording. */
export function invalidRequest(message: string): Rejection {
  return new Rejection(message, { type: 'invalid_request_error' })
}
