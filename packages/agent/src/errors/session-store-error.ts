import { EnjambError, type ErrorFields } from '@enjamb/core'

/**
 * A store could not read or write. What was acknowledged before is safe; what it was asked for now is not done, unless its
 * `outcome` says otherwise.
 */
export class SessionStoreError extends EnjambError {
  override get code(): string {
    return 'session_store'
  }

  /** `unknown`: a connection was lost in the middle of a commit, and it could not be read what came of it. Open the session again. */
  declare readonly outcome: 'not_done' | 'unknown'

  constructor(message: string, fields?: ErrorFields & { outcome?: 'not_done' | 'unknown' }) {
    super(message, { outcome: 'not_done', ...fields })
  }
}
