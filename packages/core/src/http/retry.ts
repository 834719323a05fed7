import { APIError } from '../errors/api-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { IdleTimeoutError } from '../errors/idle-timeout-error.ts'
import { RequestTimeoutError } from '../errors/request-timeout-error.ts'
import { parseRetryAfter } from './retry-after.ts'

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
  if (attempt >= options.maxRetries || !isTransient(error)) return undefined
  const asked = error instanceof APIError ? parseRetryAfter(error.headers) : undefined
  if (asked !== undefined) return asked <= options.maxRetryAfterMs ? asked : undefined
  return Math.min(options.baseDelayMs * 2 ** attempt, options.maxDelayMs) * (1 - Math.random() / 4)
}

function isTransient(error: unknown): boolean {
  return error instanceof APIError
    ? error.retryable
    : error instanceof ConnectionError || error instanceof RequestTimeoutError || error instanceof IdleTimeoutError
}
