import { EnjambError } from '../enjamb-error.ts'

/** A stream was silent for longer than `idleTimeoutMs`; pings count as life. */
export class IdleTimeoutError extends EnjambError {
  override get code(): string {
    return 'idle_timeout'
  }
}
