import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 429: too many requests or tokens for the organisation's limits, or for the time being; see `resetsAt`. */
export class RateLimitError extends APIError {
  override get code(): ErrorCode {
    return 'rate_limit'
  }
}
