import { mergeOptions } from '../client/merge-options.ts'
import type { APIError } from '../errors/api-error.ts'
import type { RetryRule } from './retry-policy.ts'

export interface RetryOptions extends RetryRule {
  /**
   * What differs for one kind of failure, by the `code` of its error: `{ overloaded: { maxRetries: 10 } }`. `false` makes
   * it final, and a rule for a failure that is final otherwise has it tried again.
   */
  rules?: { readonly [code: string]: Partial<RetryRule> | false } | undefined
  /**
   * Has the last word on each failure, after the rules: gives the pause before the next attempt in milliseconds, or
   * `undefined` to let the error be final.
   *
   * @param delayMs what the rules would do
   * @param attempt the number of the attempt that failed, from 0
   */
  decide?: ((error: unknown, delayMs: number | undefined, attempt: number) => number | undefined) | undefined
}

/** @throws {ConfigError} a number of them, or of one of their rules, is negative or none */
export function mergeRetry(base: RetryOptions, options: Partial<RetryOptions> | undefined): RetryOptions {
  const retry = mergeOptions(base, options)
  for (const rule of Object.values(retry.rules ?? {})) mergeOptions<RetryRule>(retry, rule || {})
  return retry
}

/**
 * How long to wait before the next attempt, in milliseconds. The error itself is thrown when it is final, as it is when
 * the pause would outlast the deadline.
 *
 * Up to a quarter is taken off at random, so that clients that failed together do not come back together.
 */
export function retryDelay(error: unknown, attempt: number, retry: RetryOptions, leftMs: number): number {
  const { code, retryable, retryAfterMs } = Object(error) as Partial<APIError>
  const own = retry.rules?.[code!]
  const rule = mergeOptions<RetryRule>(retry, own || {})
  const again = own !== false && (own || retryable) && attempt < rule.maxRetries
  let delayMs: number | undefined
  if (again && !(retryAfterMs! > rule.maxRetryAfterMs)) {
    delayMs = retryAfterMs ?? Math.min(rule.baseDelayMs * 2 ** attempt, rule.maxDelayMs) * (1 - Math.random() / 4)
  }
  if (retry.decide) delayMs = retry.decide(error, delayMs, attempt)
  if (delayMs === undefined || !(delayMs < leftMs)) throw error
  return delayMs
}
