import { EnjambError } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

/** A stream was silent for longer than `idleTimeoutMs`; pings count as life. */
export class IdleTimeoutError extends EnjambError {
  override get code(): ErrorCode {
    return 'idle_timeout'
  }

  override get retryable(): boolean {
    return true
  }
}
