import type { ErrorDetails } from '../../wire/index.ts'
import { EnjambError, type ErrorFields } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

export interface APIErrorFields extends ErrorFields {
  status: number
  type?: string | undefined
  requestId?: string | undefined
  errorCode?: string | undefined
  details?: ErrorDetails | undefined
  headers?: Headers | undefined
  body?: unknown
  retryAfterMs?: number | undefined
  resetsAt?: Date | undefined
}

/**
 * The API answered with an error: an HTTP status of 400 or more, or an `error` event inside a stream, which gets the
 * status that its type has over HTTP.
 *
 * @see https://docs.claude.com/en/api/errors
 */
export class APIError extends EnjambError {
  override get code(): ErrorCode {
    return 'api'
  }
  declare readonly status: number
  /** The API's own name for the error, as `overloaded_error`. */
  declare readonly type: string | undefined
  /** What exactly went wrong, as `enforced_spend_limit_reached`, where the API says so; `type` is its kind. */
  declare readonly errorCode: string | undefined
  /** What comes with that code. */
  declare readonly details: ErrorDetails | undefined
  /** Name this to Anthropic's support. */
  declare readonly requestId: string | undefined
  /** The response's; not enumerable. */
  declare readonly headers: Headers | undefined
  /** The error body: parsed JSON, or the text of at most 64 KiB where it was none. Credentials are redacted. */
  declare readonly body: unknown
  /** How long the server asked to wait, in milliseconds, as of when the answer arrived. */
  declare readonly retryAfterMs: number | undefined
  /** When that wait is over, or a limit on spending ends. */
  declare readonly resetsAt: Date | undefined

  constructor(message: string, fields: APIErrorFields) {
    super(message, fields)
    // An error that is printed should not be twenty lines of response headers.
    Object.defineProperty(this, 'headers', { enumerable: false })
  }

  /**
   * The server's `x-should-retry` decides, else the status: 408, 409, 429, and all from 500 on. A limit on spending lasts.
   */
  override get retryable(): boolean {
    const { status, headers, errorCode } = this
    const asked = headers?.get('x-should-retry')
    const transient = status > 499 || [408, 409, 429].includes(status)
    return !errorCode?.includes('limit') && (asked === 'true' || (asked !== 'false' && transient))
  }
}
