import { EnjambError, type ErrorFields } from '@enjamb/core'

/** Who writes a session. */
export interface SessionHolder {
  /** In words, as it was opened with. */
  owner?: string | undefined
  /** Where; unknown to stores that are not shared by processes. */
  host?: string | undefined
  pid?: number | undefined
  since: Date
}

/** Somebody else writes this session: ask them, or wait until they have ended. */
export class SessionBusyError extends EnjambError {
  override get code(): string {
    return 'session_busy'
  }
  declare readonly sessionId: string
  declare readonly holder: SessionHolder

  constructor(message: string, fields: ErrorFields & { sessionId: string; holder: SessionHolder }) {
    super(message, fields)
  }

  /** It is free again some time. */
  override get retryable(): boolean {
    return true
  }
}

export function sessionBusy(sessionId: string, holder: SessionHolder): SessionBusyError {
  const { owner, host, pid, since } = holder
  const who = [owner, host && `process ${pid} on ${host}`].filter(Boolean).join(', ') || 'this process'
  return new SessionBusyError(
    `Session ${sessionId} is written by ${who}, since ${since.toISOString()}. Close it there, or wait until that has ended.`,
    { sessionId, holder },
  )
}
