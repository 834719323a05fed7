import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_137 })
})
afterEach(() => {
  vi.useRealTimers()
})

const told = (limit: number, remaining: number, inMs: number) => ({
  limit,
  remaining,
  resetsAt: new Date(Date.now() + inMs),
})
const answer = (refused = false) => ({ now: Date.now(), ageMs: 0, refused })

describe('a bucket', () => {
  it('lets everything through until an answer tells of a limit', () => {
    const bucket = createTokenBucket()
    for (let n = 0; n < 1000; n++) bucket.take(1e6)
    expect(bucket.waitMs(1e9)).toBe(0)
  })

  it('counts what the server had not seen when it answered', () => {
    const bucket = createTokenBucket()
    const [first] = [bucket.take(1), bucket.take(1), bucket.take(1)]
    // Three have left, and perhaps only the first was counted: 7 are left, of which one stays in reserve.
    first!(told(10, 9, 6000), answer())
    for (let n = 0; n < 6; n++) {
      expect(bucket.waitMs(1)).toBe(0)
      bucket.take(1)
    }
    expect(bucket.waitMs(1)).toBeCloseTo(6000)
  })

  it('believes an answer that tells of less than it thought, as where others use the same key', () => {
    const bucket = createTokenBucket()
    bucket.take(1)(told(100, 99, 600), answer())
    expect(bucket.waitMs(1)).toBe(0)
    bucket.take(1)(told(100, 3, 58_200), answer())
    expect(bucket.waitMs(1)).toBe(0)
    expect(bucket.waitMs(10)).toBeGreaterThan(1000)
  })

  it('takes a date that stays while requests are counted for the end of a window', () => {
    const bucket = createTokenBucket()
    const [first, second] = [bucket.take(1), bucket.take(1)]
    const end = told(8, 7, 30_000)
    first!(end, answer())
    second!({ ...end, remaining: 0 }, answer())
    expect(bucket.waitMs(1)).toBe(30_000)
    vi.advanceTimersByTime(30_000)
    expect(bucket.waitMs(8)).toBe(0)
  })

  it('keeps to what a later answer has said when an older one comes late', () => {
    const bucket = createTokenBucket()
    const late = bucket.take(1)
    bucket.take(1)(told(10, 0, 60_000), answer())
    late(told(10, 9, 6000), answer())
    expect(bucket.waitMs(1)).toBeGreaterThan(5000)
  })

  it('is taken for one that fills steadily again when its date moves with what is taken', () => {
    const bucket = createTokenBucket()
    const takes = Array.from({ length: 4 }, () => bucket.take(1))
    const end = told(8, 7, 6000)
    takes[0]!(end, answer())
    takes[1]!({ ...end, remaining: 2 }, answer())
    takes[2]!(told(8, 1, 52_500), answer())
    takes[3]!(told(8, 0, 60_000), answer())
    expect(bucket.waitMs(1)).toBeLessThan(15_000)
  })

  it('is not misled for good by one date that is far off', () => {
    const bucket = createTokenBucket()
    bucket.take(1)(told(10, 9, 1e12), answer())
    bucket.take(1)(told(10, 0, 60_000), answer())
    expect(bucket.waitMs(1)).toBeGreaterThan(5000)
    expect(bucket.waitMs(1)).toBeLessThan(15_000)
  })

  it('fills within an hour, however slowly it seems to', () => {
    const bucket = createTokenBucket()
    bucket.take(1)(told(1_000_000, 999_999, 3_500_000), answer())
    bucket.take(900_000)
    expect(bucket.waitMs(1_000_000)).toBeLessThan(3_600_000)
  })

  it('credits what may have come in since a late answer was written', () => {
    const bucket = createTokenBucket()
    bucket.take(10)(told(60, 50, 10_000), answer())
    vi.advanceTimersByTime(30_000)
    const late = bucket.take(60)
    vi.advanceTimersByTime(30_000)
    // It was 0 when it was written, which may have been half a minute ago.
    late(told(60, 0, 30_000), { ...answer(), ageMs: 30_000 })
    expect(bucket.waitMs(20)).toBe(0)
  })

  it('gives back what was refused', () => {
    const bucket = createTokenBucket()
    const [first, ...others] = [bucket.take(1), bucket.take(1), bucket.take(1), bucket.take(1)]
    first!(told(2, 1, 30_000), answer())
    for (const other of others) other(told(2, 1, 30_000), answer(true))
    // One is left, and a fifth of another one wanted in reserve: had the others been counted, it would be minutes.
    expect(bucket.waitMs(1)).toBeCloseTo(6000)
  })

  it('makes nobody wait for more than some hours, and never in vain, whatever it is told', () => {
    const number = fc.oneof(fc.nat(20), fc.nat(100_000), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER))
    const ms = fc.oneof(fc.integer({ min: -5000, max: 120_000 }), fc.constantFrom(0, 1, -1e12, 3.6e6, 1e12))
    const step = fc.record({ cost: number, limit: number, remaining: number, inMs: ms, refused: fc.boolean(), age: ms })
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(3), fc.nat(90_000)), { maxLength: 30 }), number, (steps, cost) => {
        const bucket = createTokenBucket()
        const open: ReturnType<typeof bucket.take>[] = []
        for (const [{ cost, limit, remaining, inMs, refused, age }, which, passMs] of steps) {
          open.push(bucket.take(cost))
          if (which < 3) open.shift()?.(told(limit, remaining, inMs), { ...answer(refused), ageMs: Math.abs(age) })
          vi.advanceTimersByTime(passMs)
        }
        const waitMs = bucket.waitMs(cost)
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThanOrEqual(3 * 3_600_000)
        vi.advanceTimersByTime(waitMs + 1)
        expect(bucket.waitMs(cost)).toBe(0)
      }),
      { numRuns: 1000 },
    )
  })
})
