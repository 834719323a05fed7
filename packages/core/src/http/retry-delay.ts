import { mergeOptions } from '../client/merge-options.ts'
import type { RetryOptions } from '../client/retry-options.ts'
import type { RetryRule } from '../client/retry-rule.ts'
import type { APIError } from '../errors/api/api-error.ts'

/**
 * How long to wait before the next attempt, in milliseconds. The error itself is thrown when it is final, as it is when
 * the pause would outlast the deadline.
 *
 * Up to a quarter is taken off at random, so that clients that failed together do not come back together.
 */
export function retryDelay(error: unknown, attempt: number, retry: RetryOptions, leftMs: number): number {
  const { code, retryable, retryAfterMs } = Object(error) as Partial<APIError>
  // What the caller ended stays ended, whatever the rules and `decide` say.
  if (code === 'request_aborted') throw error
  const own = retry.rules?.[code!]
  const rule = mergeOptions<RetryRule>(retry, own || undefined)
  const again = (own ?? retryable) && attempt < rule.maxRetries
  let delayMs: number | undefined
  if (again && !(retryAfterMs! > rule.maxRetryAfterMs)) {
    delayMs = retryAfterMs ?? Math.min(rule.baseDelayMs * 2 ** attempt, rule.maxDelayMs) * (1 - Math.random() / 4)
  }
  if (retry.decide) delayMs = retry.decide(error, delayMs, attempt)
  if (!(delayMs! < leftMs)) throw error
  return delayMs!
}
