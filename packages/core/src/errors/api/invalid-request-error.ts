import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 400: the request itself is wrong; the message names the field. */
export class InvalidRequestError extends APIError {
  override get code(): ErrorCode {
    return 'invalid_request'
  }
}
