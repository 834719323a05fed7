import { mergeOptions } from './merge-options.ts'
import type { RetryRule } from './retry-rule.ts'

export interface RetryOptions extends RetryRule {
  /**
   * What differs for one kind of failure, by the `code` of its error: `{ overloaded: { maxRetries: 10 } }`. `false` makes
   * it final, and a rule for a failure that is final otherwise has it tried again.
   */
  rules?: { readonly [code: string]: Partial<RetryRule> | false } | undefined
  /**
   * Has the last word on each failure, after the rules: gives the pause before the next attempt in milliseconds, or
   * `undefined` to let the error be final. It is not asked about what the caller aborted.
   *
   * @param delayMs what the rules would do
   * @param attempt the number of the attempt that failed, from 0
   */
  decide?: ((error: unknown, delayMs: number | undefined, attempt: number) => number | undefined) | undefined
}

/** @throws {ConfigError} a number of them, or of one of their rules, is negative or none */
export function mergeRetry(base: RetryOptions, options: Partial<RetryOptions> | undefined): RetryOptions {
  const retry = mergeOptions(base, options)
  for (const code in retry.rules) mergeOptions<RetryRule>(retry, retry.rules[code] || undefined)
  return retry
}
