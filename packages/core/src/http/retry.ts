import type { APIError } from '../errors/api-error.ts'

export interface RetryOptions {
  /** Attempts after the first. Default 2; 0 means one attempt. */
  maxRetries: number
  /** The first pause, doubled for each further one. Default 500. */
  baseDelayMs: number
  /** The longest pause of our own choice. Default 8,000. */
  maxDelayMs: number
  /** The longest pause that a server may ask for; a longer one ends the retries. Default 60,000. */
  maxRetryAfterMs: number
}

export const defaultRetry: RetryOptions = {
  maxRetries: 2,
  baseDelayMs: 500,
  maxDelayMs: 8_000,
  maxRetryAfterMs: 60_000,
}

/**
 * How long to wait before the next attempt, in milliseconds; `undefined` when the failure is final.
 * Up to a quarter is taken off at random, so that clients that failed together do not come back together.
 */
export function retryDelay(error: unknown, attempt: number, options: RetryOptions): number | undefined {
  const { retryable, retryAfterMs: asked } = Object(error) as Partial<APIError>
  if (!retryable || attempt >= options.maxRetries) return undefined
  if (asked !== undefined) return asked > options.maxRetryAfterMs ? undefined : asked
  return Math.min(options.baseDelayMs * 2 ** attempt, options.maxDelayMs) * (1 - Math.random() / 4)
}
