import { EnjambError, type ErrorFields } from '@enjamb/core'

/**
 * A session could not be imported, and nothing of it is in the store. `damaged`: its file was cut off or changed on the way;
 * `format`: it is no session's file; `version`: a later release wrote it; `too_large`: it has more than `maxBytes`; `exists`:
 * there is a session of this id already.
 */
export class SessionImportError extends EnjambError {
  override get code(): string {
    return 'session_import'
  }
  declare readonly reason: 'damaged' | 'format' | 'version' | 'too_large' | 'exists'

  constructor(message: string, fields: ErrorFields & { reason: SessionImportError['reason'] }) {
    super(message, fields)
  }
}
