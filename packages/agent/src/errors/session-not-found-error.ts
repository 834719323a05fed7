import { EnjambError, type ErrorFields } from '@enjamb/core'

/** There is no session of this id in the store. */
export class SessionNotFoundError extends EnjambError {
  override get code(): string {
    return 'session_not_found'
  }
  declare readonly sessionId: string

  constructor(message: string, fields: ErrorFields & { sessionId: string }) {
    super(message, fields)
  }
}

export function sessionNotFound(sessionId: string): SessionNotFoundError {
  return new SessionNotFoundError(`There is no session ${sessionId}. Is this the store that it was made in?`, {
    sessionId,
  })
}
