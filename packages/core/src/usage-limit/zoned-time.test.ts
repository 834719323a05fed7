import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createZonedClock } from './zoned-time.ts'

const zones = Intl.supportedValuesOf('timeZone')
const clocks = new Map<string, ReturnType<typeof createZonedClock>>()

function clockOf(zone: string) {
  const clock = clocks.get(zone) ?? createZonedClock(zone)
  clocks.set(zone, clock)
  return clock
}

const minute = fc
  .integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 })
  .map((minutes) => minutes * 60_000)

test('the wall time of an instant leads back to it, in every zone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), minute, (zone, instant) => {
      const clock = clockOf(zone)
      expect(clock.instants(clock.wallTime(instant))).toContain(instant)
    }),
  )
})

test('every minute around a change leads back to itself', () => {
  const clock = clockOf('America/New_York')
  for (const change of [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)]) {
    for (let minutes = -150; minutes <= 150; minutes++) {
      const instant = change + minutes * 60_000
      expect(clock.instants(clock.wallTime(instant))).toContain(instant)
    }
  }
})

test('a date that does not exist has no instant', () => {
  const wall = { year: 2027, month: 2, day: 29, hour: 9, minute: 0 }
  expect(clockOf('UTC').instants(wall)).toEqual([])
  expect(clockOf('UTC').instants({ ...wall, year: 2028 })).toEqual([Date.UTC(2028, 1, 29, 9)])
})
