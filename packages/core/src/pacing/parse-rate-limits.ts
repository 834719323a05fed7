import { type RateLimit, readRateLimit } from './rate-limit.ts'

/** The limits that a response tells of, each only where it does. */
export interface RateLimits {
  readonly requests?: RateLimit
  /** Input tokens that do not come from the cache. */
  readonly inputTokens?: RateLimit
  readonly outputTokens?: RateLimit
  /** The tightest limit on tokens of whatever kind, such as a workspace's; else input and output together. */
  readonly tokens?: RateLimit
  /** What is left of a Priority Tier commitment. */
  readonly priorityInputTokens?: RateLimit
  readonly priorityOutputTokens?: RateLimit
  /** What is left for requests of speed `fast`. */
  readonly fastInputTokens?: RateLimit
  readonly fastOutputTokens?: RateLimit
}

const names: { readonly [K in keyof RateLimits]-?: string } = {
  requests: 'ratelimit-requests',
  inputTokens: 'ratelimit-input-tokens',
  outputTokens: 'ratelimit-output-tokens',
  tokens: 'ratelimit-tokens',
  priorityInputTokens: 'priority-input-tokens',
  priorityOutputTokens: 'priority-output-tokens',
  fastInputTokens: 'fast-input-tokens',
  fastOutputTokens: 'fast-output-tokens',
}

/**
 * Reads the `anthropic-ratelimit-*`, `anthropic-priority-*` and `anthropic-fast-*` headers that come with a response of
 * any status, and with an `APIError` as its `headers`. A limit of which one header is missing or unreadable is left out.
 *
 * @see https://platform.claude.com/docs/en/api/rate-limits#response-headers
 * @example
 * await createMessage(client, params, {
 *   onResponse: ({ headers }) => console.log(parseRateLimits(headers).requests?.remaining),
 * })
 */
export function parseRateLimits(headers: Headers | undefined): RateLimits {
  const limits: { [name: string]: RateLimit } = {}
  for (const [name, header] of Object.entries(names)) {
    const limit = readRateLimit(headers, header)
    if (limit) limits[name] = limit
  }
  return limits
}
