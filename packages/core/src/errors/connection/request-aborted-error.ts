import { EnjambError } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

/** The caller's signal was aborted, or `abort()` was called; `cause` is the reason that was given. */
export class RequestAbortedError extends EnjambError {
  override get code(): ErrorCode {
    return 'request_aborted'
  }
}
