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

/**
 * How long to wait before the next attempt, in milliseconds. The error itself is thrown when it is final.
 * Up to a quarter is taken off at random, so that clients that failed together do not come back together.
 */
export function retryDelay(error: unknown, attempt: number, retry: RetryOptions): number {
  const { retryable, retryAfterMs } = Object(error) as Partial<APIError>
  if (!retryable || attempt >= retry.maxRetries || retryAfterMs! > retry.maxRetryAfterMs) throw error
  return retryAfterMs ?? Math.min(retry.baseDelayMs * 2 ** attempt, retry.maxDelayMs) * (1 - Math.random() / 4)
}
