import { EnjambError } from './enjamb-error.ts'

/** The caller's signal was aborted, or `abort()` was called; `cause` is the reason that was given. */
export class RequestAbortedError extends EnjambError {
  override get name(): string {
    return 'RequestAbortedError'
  }
  override get code(): string {
    return 'aborted'
  }
}
