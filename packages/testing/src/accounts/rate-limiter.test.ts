import { describe, expect, it } from 'vitest'
import { Rejection } from '../errors/rejection.ts'
import { createRateLimiter } from './rate-limiter.ts'

function start(limits: Parameters<typeof createRateLimiter>[0]) {
  const clock = { ms: Date.UTC(2026, 0, 1) }
  const limiter = createRateLimiter(limits, () => clock.ms)
  const refusal = (tokens = 1) => {
    try {
      limiter.admit(tokens)
      return undefined
    } catch (error) {
      return error as Rejection
    }
  }
  return { clock, limiter, refusal }
}

describe('a rate limit', () => {
  it('lets a burst through, then refuses until there is room again', () => {
    const { clock, refusal } = start({ requestsPerMinute: 2 })
    expect(refusal()).toBeUndefined()
    expect(refusal()).toBeUndefined()
    const refused = refusal()
    expect(refused).toBeInstanceOf(Rejection)
    expect(refused).toMatchObject({
      status: 429,
      type: 'rate_limit_error',
      headers: { 'retry-after': '30', 'anthropic-ratelimit-requests-remaining': '0' },
    })
    clock.ms += 30_000
    expect(refusal()).toBeUndefined()
    expect(refusal()).toBeInstanceOf(Rejection)
  })

  it('counts input before, and output after', () => {
    const { clock, limiter, refusal } = start({ inputTokensPerMinute: 600, outputTokensPerMinute: 60 })
    expect(refusal(601)?.message).toContain('600 input tokens per minute')
    expect(refusal(500)).toBeUndefined()
    limiter.spendOutput(90)
    expect(refusal(1)?.message).toContain('60 output tokens per minute')
    clock.ms += 31_000
    expect(refusal(1)).toBeUndefined()
  })

  it('says in its headers what is left, and when all is', () => {
    const { limiter, refusal } = start({ requestsPerMinute: 60, inputTokensPerMinute: 600 })
    refusal(300)
    expect(limiter.headers()).toEqual({
      'anthropic-ratelimit-requests-limit': '60',
      'anthropic-ratelimit-requests-remaining': '59',
      'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:01Z',
      'anthropic-ratelimit-input-tokens-limit': '600',
      'anthropic-ratelimit-input-tokens-remaining': '300',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:30Z',
      'anthropic-ratelimit-tokens-limit': '600',
      'anthropic-ratelimit-tokens-remaining': '300',
      'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:30Z',
    })
  })

  it('is none by default, and sends no headers then', () => {
    const { limiter, refusal } = start({})
    expect(refusal(1e9)).toBeUndefined()
    expect(limiter.headers()).toEqual({})
  })
})
