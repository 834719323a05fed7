import { EnjambError, type ErrorFields } from './enjamb-error.ts'

export interface APIErrorFields extends ErrorFields {
  status: number
  type?: string | undefined
  requestId?: string | undefined
  headers?: Headers | undefined
  body?: unknown
}

/**
 * The API answered with an error: an HTTP status of 300 or more, or an `error` event inside a stream, which gets the
 * status that its type has over HTTP.
 *
 * @see https://docs.claude.com/en/api/errors
 */
export class APIError extends EnjambError {
  override get name(): string {
    return 'APIError'
  }
  override get code(): string {
    return 'api'
  }
  readonly status: number
  /** The API's own name for the error, as `overloaded_error`. */
  readonly type: string | undefined
  /** Name this to Anthropic's support. */
  readonly requestId: string | undefined
  declare readonly headers: Headers | undefined
  /** The error body: parsed JSON, or the text of at most 64 KiB where it was none. Credentials are redacted. */
  readonly body: unknown

  constructor(message: string, fields: APIErrorFields) {
    super(message, fields)
    this.status = fields.status
    this.type = fields.type
    this.requestId = fields.requestId
    this.body = fields.body
    // Not enumerable: an error that is printed should not be twenty lines of response headers.
    Object.defineProperty(this, 'headers', { value: fields.headers })
  }

  /** Could the same request succeed later? The server's `x-should-retry` decides, else the status. */
  get retryable(): boolean {
    const asked = this.headers?.get('x-should-retry')
    if (asked === 'true') return true
    if (asked === 'false') return false
    return this.status === 408 || this.status === 409 || this.status === 429 || this.status >= 500
  }
}
