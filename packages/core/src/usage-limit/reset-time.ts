import { createZonedClock, type WallTime, type ZonedClock } from './zoned-time.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Made when it is needed: at the top of a file it would be in every bundle, as no bundler can tell that it does nothing. */
function createPattern(): RegExp {
  const date = `(?:(?<isoYear>\\d{4})-(?<isoMonth>\\d\\d)-(?<isoDay>\\d\\d)|(?<month>${months.join('|')})[a-z]*\\.? (?<day>\\d{1,2})(?!\\d|:)(?:st|nd|rd|th)?(?:,? (?<year>\\d{4})(?!\\d))?)`
  const time = '(?<hour>\\d{1,2})(?::(?<minute>\\d\\d)| ?(?=[ap]\\.?m))(?: ?(?<half>[ap])\\.?m\\b\\.?)?'
  const zone = '(?: ?\\((?<zone>[a-z][\\w+/-]*)\\)| (?<utc>utc|gmt)\\b)'
  return new RegExp(
    `\\b(?:resets?|regain access)(?: at| on)? (?:(?<weekday>${weekdays.join('|')})[a-z]*\\.?,? ?)?(?:${date},? ?)?(?:at )?(?:${time})?${zone}?`,
    'i',
  )
}

/**
 * Reads "resets Jul 27 at 4:30am (Asia/Calcutta)" and its relatives: a time, a week day or date before it, a zone after it.
 * A time, and a time on a week day, are the next such time. A date without a year is in the year that brings it
 * nearest to `now`: one that has just passed means a limit that is over, not one that lasts a year.
 *
 * @returns `undefined` where there is no time, or none that exists.
 */
export function parseResetTime(text: string, now: number): Date | undefined {
  const found = createPattern().exec(text)?.groups
  if (!found) return undefined
  const clock = clockFor(found.zone ?? found.utc)
  const time = toHourAndMinute(found)
  if (!clock || !time) return undefined
  const instant = nextInstant(found, time, clock, now)
  return instant === undefined ? undefined : new Date(instant)
}

type Found = Record<string, string | undefined>
type HourAndMinute = Pick<WallTime, 'hour' | 'minute'>

function clockFor(timeZone: string | undefined): ZonedClock | undefined {
  try {
    return createZonedClock(timeZone)
  } catch {
    return undefined
  }
}

/** Midnight for a date that comes without a time. */
function toHourAndMinute({ hour, minute, half, month, isoMonth }: Found): HourAndMinute | undefined {
  if (hour === undefined) return month || isoMonth ? { hour: 0, minute: 0 } : undefined
  const [hours, minutes] = [Number(hour), Number(minute ?? 0)]
  if (minutes > 59 || hours > (half ? 12 : 23) || (half && hours === 0)) return undefined
  if (!half) return { hour: hours, minute: minutes }
  return { hour: (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minute: minutes }
}

function nextInstant(found: Found, time: HourAndMinute, clock: ZonedClock, now: number): number | undefined {
  const today = clock.wallTime(now)
  const month = found.isoMonth ? Number(found.isoMonth) : months.indexOf(found.month?.toLowerCase() ?? '') + 1
  if (month > 0) {
    const day = Number(found.isoDay ?? found.day)
    const year = found.isoYear ?? found.year
    const years = year ? [Number(year)] : [today.year, today.year + 1, today.year - 1]
    const instants = years.flatMap((year) => clock.instants({ year, month, day, ...time }))
    return instants.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))[0]
  }
  const weekday = weekdays.indexOf(found.weekday?.toLowerCase() ?? '')
  for (let ahead = 0; ahead <= 8; ahead++) {
    const noon = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead, 12))
    if (weekday >= 0 && noon.getUTCDay() !== weekday) continue
    const wall = { year: noon.getUTCFullYear(), month: noon.getUTCMonth() + 1, day: noon.getUTCDate(), ...time }
    const instant = clock.instants(wall).find((instant) => instant >= now)
    if (instant !== undefined) return instant
  }
  return undefined
}
