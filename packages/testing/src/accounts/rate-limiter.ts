import { Rejection } from '../errors/rejection.ts'

/** Limits as the API sets them: each a bucket that refills steadily, and is full after a minute. Absent: no limit. */
export interface RateLimits {
  requestsPerMinute?: number
  /** Tokens read from the cache do not count. */
  inputTokensPerMinute?: number
  outputTokensPerMinute?: number
}

export interface RateLimiter {
  /**
   * Takes one request and its input, if there is room for both.
   *
   * @throws {Rejection} 429, with `retry-after`
   */
  admit(inputTokens: number): void
  /** Takes the output, which may overdraw its bucket: its length is known too late. */
  spendOutput(tokens: number): void
  /** The `anthropic-ratelimit-*` headers as things stand. */
  headers(): Record<string, string>
}

type Kind = 'requests' | 'input-tokens' | 'output-tokens'

interface Bucket {
  kind: Kind
  limit: number
  level: number
  at: number
}

export function createRateLimiter(limits: RateLimits, now: () => number): RateLimiter {
  const buckets = Object.entries({
    requests: limits.requestsPerMinute,
    'input-tokens': limits.inputTokensPerMinute,
    'output-tokens': limits.outputTokensPerMinute,
  }).flatMap(([kind, limit]) => (limit === undefined ? [] : [{ kind: kind as Kind, limit, level: limit, at: now() }]))
  const refill = () => {
    for (const bucket of buckets) {
      const gained = ((now() - bucket.at) * bucket.limit) / 60_000
      bucket.level = Math.min(bucket.limit, bucket.level + gained)
      bucket.at = now()
    }
  }
  return {
    admit(inputTokens) {
      refill()
      // Output only has to be out of debt; how much there will be is not known yet.
      const needs: Record<Kind, number> = { requests: 1, 'input-tokens': inputTokens, 'output-tokens': 1 }
      const short = buckets.find(({ kind, level }) => level < needs[kind])
      if (short) throw exceeded(short, needs[short.kind], headersOf(buckets))
      for (const bucket of buckets) if (bucket.kind !== 'output-tokens') bucket.level -= needs[bucket.kind]
    },
    spendOutput(tokens) {
      for (const bucket of buckets) if (bucket.kind === 'output-tokens') bucket.level -= tokens
    },
    headers() {
      refill()
      return headersOf(buckets)
    },
  }
}

function exceeded({ kind, limit, level }: Bucket, need: number, headers: Record<string, string>): Rejection {
  const waitMs = ((Math.min(need, limit) - level) * 60_000) / limit
  return new Rejection(
    `This request would exceed your organization's rate limit of ${limit.toLocaleString('en-US')} ${kind.replace('-', ' ')} per minute. ` +
      'For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage. ' +
      'Please reduce the prompt length or the maximum tokens requested, or try again later.',
    { type: 'rate_limit_error', headers: { ...headers, 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) } },
  )
}

function headersOf(buckets: Bucket[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const bucket of buckets) describe(bucket, bucket.kind, headers)
  // `tokens` stands for whichever of the two is nearer to its end.
  const [tightest] = buckets
    .filter(({ kind }) => kind !== 'requests')
    .sort((a, b) => a.level / a.limit - b.level / b.limit)
  if (tightest) describe(tightest, 'tokens', headers)
  return headers
}

function describe({ limit, level, at }: Bucket, name: string, headers: Record<string, string>): void {
  const fullAt = at + ((limit - level) * 60_000) / limit
  headers[`anthropic-ratelimit-${name}-limit`] = String(limit)
  headers[`anthropic-ratelimit-${name}-remaining`] = String(Math.max(0, Math.floor(level)))
  headers[`anthropic-ratelimit-${name}-reset`] = new Date(fullAt).toISOString().replace(/\.\d+Z$/, 'Z')
}
