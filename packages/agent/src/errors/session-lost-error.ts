import { EnjambError, type ErrorFields } from '@enjamb/core'

/**
 * This process may no longer write a session: it had been silent for too long, and another one took over. What it was about
 * to append is not in the journal. Open the session again to go on from what is.
 */
export class SessionLostError extends EnjambError {
  override get code(): string {
    return 'session_lost'
  }
  declare readonly sessionId: string

  constructor(message: string, fields: ErrorFields & { sessionId: string }) {
    super(message, fields)
  }
}

export function sessionLost(sessionId: string, why = 'another process has taken over'): SessionLostError {
  return new SessionLostError(`Session ${sessionId} can no longer be written here: ${why}. Open it again to go on.`, {
    sessionId,
  })
}
