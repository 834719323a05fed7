import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTimer } from './start-timer.ts'

const day = 24 * 60 * 60 * 1000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** When a timer of so many milliseconds has called back, within `forMs`. */
function callsOf(ms: number, forMs: number): number[] {
  const calls: number[] = []
  const start = Date.now()
  const stop = startTimer(ms, () => calls.push(Date.now() - start))
  vi.advanceTimersByTime(forMs)
  stop()
  return calls
}

describe('a timer', () => {
  it.each([0, 1, 1_000, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 100 * day])('of %d ms fires then, once', (ms) => {
    // A platform's timer of 0 waits for one.
    const calls = callsOf(ms, ms + 10 * day)
    expect(calls).toEqual([ms])
  })

  it.each([Number.POSITIVE_INFINITY, Number.NaN])('of %d ms never fires, and keeps nothing alive', (ms) => {
    const stop = startTimer(ms, () => expect.fail('it fired'))
    expect(vi.getTimerCount()).toBe(0)
    stop()
  })

  it.each([10, 40 * day])('of %d ms that is stopped does not fire', (ms) => {
    const stop = startTimer(ms, () => expect.fail('it fired'))
    vi.advanceTimersByTime(ms - 1)
    stop()
    vi.advanceTimersByTime(100 * day)
  })
})
