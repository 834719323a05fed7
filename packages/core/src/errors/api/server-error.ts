import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 500 to 599, `api_error` and `timeout_error`: the failure is on the other side. */
export class ServerError extends APIError {
  override get code(): ErrorCode {
    return 'server'
  }
}
