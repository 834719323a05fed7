import { EnjambError, type ErrorFields } from '../enjamb-error.ts'

export interface APIErrorFields extends ErrorFields {
  status: number
  type?: string | undefined
  requestId?: string | undefined
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
  override get code(): string {
    return 'api'
  }
  declare readonly status: number
  /** The API's own name for the error, as `overloaded_error`. */
  declare readonly type: string | undefined
  /** Name this to Anthropic's support. */
  declare readonly requestId: string | undefined
  /** The response's; not enumerable. */
  declare readonly headers: Headers | undefined
  /** The error body: parsed JSON, or the text of at most 64 KiB where it was none. Credentials are redacted. */
  declare readonly body: unknown
  /** How long the server asked to wait, in milliseconds, as of when the answer arrived. */
  declare readonly retryAfterMs: number | undefined
  /** When that wait is over. */
  declare readonly resetsAt: Date | undefined

  constructor(message: string, { headers, ...fields }: APIErrorFields) {
    super(message, fields)
    // Not enumerable: an error that is printed should not be twenty lines of response headers.
    Object.defineProperty(this, 'headers', { value: headers })
  }

  /** The server's `x-should-retry` decides, else the kind of error. */
  override get retryable(): boolean {
    const { status, headers } = this
    const asked = headers?.get('x-should-retry')
    return asked === 'true' || (asked !== 'false' && (super.retryable || status === 408))
  }
}
