import { parseRetryAfter } from '../http/retry-after.ts'
import { APIError, type APIErrorFields } from './api-error.ts'

export interface RateLimitErrorFields extends APIErrorFields {
  resetsAt?: Date | undefined
  retryAfterMs?: number | undefined
}

/** 429: too many requests or tokens for the organisation's limits, or for the time being. */
export class RateLimitError extends APIError {
  override get name(): string {
    return 'RateLimitError'
  }
  override get code(): string {
    return 'rate_limit'
  }
  /** How long the server asked to wait, in milliseconds, as of when the answer arrived. */
  readonly retryAfterMs: number | undefined
  /** When the server expects to answer again. */
  readonly resetsAt: Date | undefined

  constructor(message: string, fields: RateLimitErrorFields) {
    super(message, fields)
    const wait = fields.retryAfterMs ?? parseRetryAfter(fields.headers)
    this.retryAfterMs = wait
    this.resetsAt = fields.resetsAt ?? (wait === undefined ? undefined : new Date(Date.now() + wait))
  }
}
