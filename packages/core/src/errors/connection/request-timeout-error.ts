import { EnjambError } from '../enjamb-error.ts'

/** The answer was not complete within `timeoutMs`. */
export class RequestTimeoutError extends EnjambError {
  override get code(): string {
    return 'request_timeout'
  }
}
