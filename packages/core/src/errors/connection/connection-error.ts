import { EnjambError } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

/** No answer: the host was not reached, or the connection broke before the answer was complete. */
export class ConnectionError extends EnjambError {
  override get code(): ErrorCode {
    return 'connection'
  }

  override get retryable(): boolean {
    return true
  }
}
