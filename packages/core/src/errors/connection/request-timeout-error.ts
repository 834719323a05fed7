import { EnjambError } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

/**
 * The answer was not complete within `timeoutMs`; or, with a `cause`, `fetch` itself waited no longer. That is not tried again:
 * the answer was slow, may well be billed, and would be as slow once more.
 */
export class RequestTimeoutError extends EnjambError {
  override get code(): ErrorCode {
    return 'request_timeout'
  }

  override get retryable(): boolean {
    return !this.cause
  }
}
