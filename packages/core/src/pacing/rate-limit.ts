/** One limit, as of a response. */
export interface RateLimit {
  /** The most that fits, in requests or tokens. */
  readonly limit: number
  /** What is left of it; of tokens, rounded to thousands. */
  readonly remaining: number
  /** When all of it is there again, on the server's clock. May be past. */
  readonly resetsAt: Date
}

/** Reads the three headers of one limit, `anthropic-<name>-limit` and so on; nothing where one is missing or unreadable. */
export function readRateLimit(headers: Headers | undefined, name: string): RateLimit | undefined {
  const parts = ['limit', 'remaining', 'reset'].map((part) => headers?.get(`anthropic-${name}-${part}`))
  const [limit, remaining, reset] = parts as [string, string, string]
  const resetsAt = new Date(reset)
  // A date or a number is made of nearly anything, null and the empty text among them.
  const readable = /^\d{1,15},\d{1,15},\d{4}-\d\d-\d\dT/.test(parts.join()) && +resetsAt
  return readable ? { limit: +limit, remaining: +remaining, resetsAt } : undefined
}
