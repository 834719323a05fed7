const dayMs = 86_400_000

/** A time as a clock on a wall shows it; the month is 1 to 12. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** Instants to wall times and back in one time zone. */
export interface ZonedClock {
  wallTime(instant: number): WallTime
  /** The instants at which the wall shows this time, soonest first: one, two where clocks go back, none for a date that does not exist. */
  instants(wall: WallTime): number[]
}

/**
 * @param timeZone an IANA name, by default that of the machine.
 * @throws {RangeError} for an unknown one.
 */
export function createZonedClock(timeZone?: string): ZonedClock {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    ...(timeZone !== undefined && { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })

  function wallTime(instant: number): WallTime {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts
    return { year, month, day, hour, minute }
  }

  function instants(wall: WallTime): number[] {
    const local = asUTC(wall)
    if (new Date(local).getUTCDate() !== wall.day) return []
    const offsetAt = (instant: number) => asUTC(wallTime(instant)) - instant
    // No zone shifts twice within two days, so these are the offsets before and after any shift near the time.
    const [before, after] = [offsetAt(local - dayMs), offsetAt(local + dayMs)]
    const candidates = [...new Set([local - before, local - after])].sort((a, b) => a - b)
    const real = candidates.filter((instant) => asUTC(wallTime(instant)) === local)
    // A time that clocks going forward jump over is read as if they had not yet.
    return real.length > 0 ? real : [local - before]
  }

  return { wallTime, instants }
}

function asUTC({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
}
