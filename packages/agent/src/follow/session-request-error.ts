import { EnjambError, type ErrorFields } from '@enjamb/core'
import type { SessionHolder } from '../errors/session-busy-error.ts'

/** A server of sessions has refused a request, failed at it, or could not be reached. */
export class SessionRequestError extends EnjambError {
  override get code(): string {
    return 'session_request'
  }
  /** Of the answer; `undefined` where none came. */
  declare readonly status: number | undefined
  /** The code of the server's error, as `session_busy`, `session_not_found`, `conflict` or `forbidden`. */
  declare readonly reason: string
  /** Who writes the session, where it is busy. */
  declare readonly holder?: SessionHolder | undefined

  constructor(
    message: string,
    fields: ErrorFields & { status: number | undefined; reason: string; holder?: SessionHolder | undefined },
  ) {
    super(message, fields)
  }

  override get retryable(): boolean {
    const { status = 0, reason } = this
    return status >= 500 || status === 429 || reason === 'connection'
  }
}
