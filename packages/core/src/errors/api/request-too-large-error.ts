import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 413: the request has more bytes than the endpoint takes (32 MB for messages). */
export class RequestTooLargeError extends APIError {
  override get code(): ErrorCode {
    return 'request_too_large'
  }
}
