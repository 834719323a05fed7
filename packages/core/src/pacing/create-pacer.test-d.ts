import { describe, expectTypeOf, it } from 'vitest'
import type { Middleware } from '../client/middleware.ts'
import { createPacer, type Pacer, type PacerOptions } from './create-pacer.ts'
import { parseRateLimits, type RateLimits } from './parse-rate-limits.ts'
import type { RateLimit } from './rate-limit.ts'

describe('createPacer', () => {
  it('gives a middleware, and takes undefined for an option that is not set', () => {
    expectTypeOf(createPacer()).toEqualTypeOf<Pacer>()
    expectTypeOf(createPacer().middleware).toEqualTypeOf<Middleware>()
    expectTypeOf<{ concurrency: number | undefined }>().toExtend<PacerOptions>()
    // @ts-expect-error a number is wanted
    createPacer({ concurrency: '5' })
  })
})

describe('parseRateLimits', () => {
  it('gives each limit only where there is one', () => {
    expectTypeOf(parseRateLimits(new Headers())).toEqualTypeOf<RateLimits>()
    expectTypeOf<RateLimits['inputTokens']>().toEqualTypeOf<RateLimit | undefined>()
    expectTypeOf<RateLimit['resetsAt']>().toEqualTypeOf<Date>()
  })
})
