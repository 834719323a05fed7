import { EnjambError } from '../enjamb-error.ts'

/** The caller's signal was aborted, or `abort()` was called; `cause` is the reason that was given. */
export class RequestAbortedError extends EnjambError {
  override get code(): string {
    return 'request_aborted'
  }
}
