import { EnjambError } from './enjamb-error.ts'

/** No answer: the host was not reached, or the connection broke before the answer was complete. */
export class ConnectionError extends EnjambError {
  override get name(): string {
    return 'ConnectionError'
  }
  override get code(): string {
    return 'connection'
  }
}
