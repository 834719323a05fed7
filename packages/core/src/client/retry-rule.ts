/** How often one kind of failure is answered with another attempt, and after which pause. */
export interface RetryRule {
  /** Attempts after the first. Default 2; 0 means one attempt. */
  maxRetries: number
  /** The first pause, doubled for each further one, less up to a quarter at random. Default 500. */
  baseDelayMs: number
  /** The longest pause of our own choice. Default 8,000. */
  maxDelayMs: number
  /** The longest pause that a server may ask for; a longer one ends the retries. Default 60,000. */
  maxRetryAfterMs: number
}

/** For every kind of failure that has no rule of its own. */
export const defaultRule: RetryRule = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 60_000 }
