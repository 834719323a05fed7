import { EnjambError, type ErrorFields } from '@enjamb/core'

/** A store could not read or write: what was acknowledged before is safe, and what it was asked for now is not done. */
export class SessionStoreError extends EnjambError {
  override get code(): string {
    return 'session_store'
  }

  constructor(message: string, fields?: ErrorFields) {
    super(message, fields)
  }
}
