import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseUsageLimit } from './parse-usage-limit.ts'

/** The reset time of `text` as ISO 8601, read at `now`. */
function resetOf(text: string, now: string): string | undefined {
  return parseUsageLimit(text, new Date(now))?.resetsAt?.toISOString()
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the reset time of', () => {
  test.each([
    ["You've hit your limit · resets 10:17pm (UTC)", '2026-07-20T22:17:00.000Z'],
    ["You've hit your limit · resets 4pm (America/Los_Angeles)", '2026-07-20T23:00:00.000Z'],
    ["You've hit your session limit · resets 8:30pm (Asia/Tokyo)", '2026-07-21T11:30:00.000Z'],
    ["You've hit your weekly limit · resets Jul 27 at 4:30am (Asia/Calcutta)", '2026-07-26T23:00:00.000Z'],
    ["You've hit your weekly limit · resets Jul 31, 2am (UTC)", '2026-07-31T02:00:00.000Z'],
    ['Claude AI usage limit reached|1749924000', '2025-06-14T18:00:00.000Z'],
    ['Claude AI usage limit reached|1749924000000', '2025-06-14T18:00:00.000Z'],
    ['Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).', '2026-07-20T20:00:00.000Z'],
    ["You're out of extra usage · resets Feb 4, 8pm (Europe/Budapest)", '2026-02-04T19:00:00.000Z'],
    [
      'You have reached your specified API usage limits. You will regain access on 2026-08-01 at 00:00 UTC.',
      '2026-08-01T00:00:00.000Z',
    ],
    ["You're out of usage credits · resets 10:17pm (UTC)", '2026-07-20T22:17:00.000Z'],
    ["You've hit your weekly limit · resets Monday at 9am (UTC)", '2026-07-27T09:00:00.000Z'],
    ["You've hit your weekly limit · resets Tue 9:15am (UTC)", '2026-07-21T09:15:00.000Z'],
    ["You've hit your weekly limit · resets Mon, Jul 27, 2026 at 12am (UTC)", '2026-07-27T00:00:00.000Z'],
    ["You've hit your weekly limit · resets Jul 27 (UTC)", '2026-07-27T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(resetOf(text, '2026-07-20T12:00:00Z')).toBe(expected)
  })

  test.each([
    ["You've hit your Opus limit · resets 3:45pm", '2026-11-10T06:45:00.000Z'],
    ['5-hour limit reached ∙ resets 9pm', '2026-11-10T12:00:00.000Z'],
    ['5-hour limit reached ∙ resets 18:00', '2026-11-10T09:00:00.000Z'],
    ['5-hour limit … resets 18:00', '2026-11-10T09:00:00.000Z'],
    ['Weekly limit reached ∙ resets Nov 13 at 9am', '2026-11-13T00:00:00.000Z'],
  ])('%s, without a zone, is in that of the machine', (text, expected) => {
    vi.stubEnv('TZ', 'Asia/Tokyo')
    expect(resetOf(text, '2026-11-10T00:00:00Z')).toBe(expected)
  })

  test.each(['·', '∙', '•', '-', '—', '|', ''])('a message with the separator %j', (separator) => {
    expect(resetOf(`You've hit your limit ${separator} resets 3pm (UTC)`, '2026-07-20T12:00:00Z')).toBe(
      '2026-07-20T15:00:00.000Z',
    )
  })

  test.each([
    'You’ve hit your limit · resets 3pm (UTC)',
    "YOU'VE HIT YOUR LIMIT · RESETS 3PM (UTC)",
    "You've hit your limit\u00a0·\u00a0resets 3 pm (UTC)",
    "API Error: You've hit your limit · resets 3pm (UTC) · /upgrade to increase your usage limit",
    "You've hit your limit · resets 3pm (UTC).\nThe weekly limit resets Jul 31 at 9am.",
    'Some output before.\n5-hour limit reached ∙ resets 3pm (UTC)\n /upgrade',
    '5-hour limit reached ∙ resets 15:00 (UTC)',
    "You've hit your limit · resets at 3:00 p.m. (UTC)",
  ])('%j', (text) => {
    expect(resetOf(text, '2026-07-20T12:00:00Z')).toBe('2026-07-20T15:00:00.000Z')
  })
})

describe('hours', () => {
  test.each([
    ['12am', '2026-07-21T00:00:00.000Z'],
    ['12:30am', '2026-07-21T00:30:00.000Z'],
    ['12pm', '2026-07-20T12:00:00.000Z'],
    ['12:01pm', '2026-07-20T12:01:00.000Z'],
    ['11:59am', '2026-07-21T11:59:00.000Z'],
    ['0:05', '2026-07-21T00:05:00.000Z'],
  ])('%s is the next such time, or now', (time, expected) => {
    expect(resetOf(`You've hit your limit · resets ${time} (UTC)`, '2026-07-20T12:00:00Z')).toBe(expected)
  })

  test.each(['13pm', '0am', '25:00', '9:60am', '9', '5 hours', 'soon', 'Feb 30 at 9am'])(
    'a time that is none, %s, leaves the limit without one',
    (time) => {
      expect(parseUsageLimit(`You've hit your limit · resets ${time} (UTC)`, new Date('2026-07-20T12:00:00Z'))).toEqual(
        {},
      )
    },
  )

  test('an unknown zone leaves the limit without a time, rather than with a wrong one', () => {
    expect(parseUsageLimit("You've hit your limit · resets 9am (Mars/Olympus)", new Date(0))).toEqual({})
  })
})

describe('clocks that change', () => {
  const limit = (time: string) => `You've hit your limit · resets ${time} (America/New_York)`

  test('a time after clocks go forward has the new offset', () => {
    expect(resetOf(limit('4am'), '2026-03-08T06:00:00Z')).toBe('2026-03-08T08:00:00.000Z')
    expect(resetOf(limit('1am'), '2026-03-08T05:30:00Z')).toBe('2026-03-08T06:00:00.000Z')
    expect(resetOf(limit('9am'), '2026-03-07T18:00:00Z')).toBe('2026-03-08T13:00:00.000Z')
  })

  test('a time that is jumped over is the one an hour later on the wall', () => {
    expect(resetOf(limit('2:30am'), '2026-03-08T06:00:00Z')).toBe('2026-03-08T07:30:00.000Z')
  })

  test('a time that comes twice is the first that has not passed', () => {
    expect(resetOf(limit('1:30am'), '2026-11-01T04:00:00Z')).toBe('2026-11-01T05:30:00.000Z')
    expect(resetOf(limit('1:30am'), '2026-11-01T05:45:00Z')).toBe('2026-11-01T06:30:00.000Z')
    expect(resetOf(limit('1:30am'), '2026-11-01T06:45:00Z')).toBe('2026-11-02T06:30:00.000Z')
  })

  test('a date beyond the change has the offset of its own day', () => {
    expect(resetOf(limit('Nov 3 at 9am'), '2026-10-30T12:00:00Z')).toBe('2026-11-03T14:00:00.000Z')
  })

  test('half an hour of change is read as well', () => {
    expect(resetOf("You've hit your limit · resets 9am (Australia/Lord_Howe)", '2026-10-03T12:00:00Z')).toBe(
      '2026-10-03T22:00:00.000Z',
    )
  })

  test('today is the day in the zone of the message', () => {
    expect(resetOf("You've hit your limit · resets 1am (Pacific/Kiritimati)", '2026-07-20T10:30:00Z')).toBe(
      '2026-07-20T11:00:00.000Z',
    )
  })
})

describe('dates', () => {
  test('the year turns', () => {
    expect(resetOf("You've hit your weekly limit · resets Jan 2 at 9am (UTC)", '2026-12-30T12:00:00Z')).toBe(
      '2027-01-02T09:00:00.000Z',
    )
  })

  test('a date that has just passed is a limit that is over', () => {
    const text = "You've hit your weekly limit · resets Dec 31 at 9am (UTC)"
    expect(resetOf(text, '2026-12-31T10:00:00Z')).toBe('2026-12-31T09:00:00.000Z')
    expect(resetOf(text, '2027-01-01T10:00:00Z')).toBe('2026-12-31T09:00:00.000Z')
  })

  test('today’s week day with a time that has passed is a week away', () => {
    expect(resetOf("You've hit your weekly limit · resets Mon 9am (UTC)", '2026-07-20T12:00:00Z')).toBe(
      '2026-07-27T09:00:00.000Z',
    )
  })
})

test.each([
  'Usage limit reached',
  "You've hit your monthly spend limit",
  'Monthly spend limit reached.',
  "You've hit your limit",
  "You've hit your org's monthly spend limit · run /usage-credits to ask your admin for a higher limit",
  "You've hit your org's monthly usage limit",
  "You've hit your team's shared budget · ask your admin to raise it",
  "You've reached your Fable 5 limit.",
  "You're out of usage credits",
  'You’re out of usage credits. Run /usage-credits to keep using Fable 5',
  "You're out of extra usage. Add more at claude.ai/settings/usage and keep going.",
  'Your org is out of usage · add funds to continue',
  'Your org is out of usage · contact your admin',
  'Your organization is out of usage credits. Contact your admin to add more.',
  "Your organization's usage credit cap is reached for this period. Contact your admin to raise it.",
  "Your seat type doesn't include usage",
  "Your seat type doesn't include usage credits",
  'This service is disabled for your org',
  'Your usage allocation has been disabled by your admin · run /usage-credits to ask your admin for a higher limit',
  "Your group's usage limit is set to $0 · run /usage-credits to ask your admin for a higher limit",
  'Fable 5 requires usage credits',
  'API Error: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage',
])('%j is a limit without a time', (text) => {
  expect(parseUsageLimit(text)).toEqual({})
})

test.each([
  'Approaching 5-hour limit',
  'Approaching weekly limit · resets Nov 13 at 9am',
  "You've used 90% of your weekly limit · resets Nov 13 at 9am",
  '5-hour limit resets 17:00 - continuing with extra usage',
  '5-hour limit · resets 17:00 · continuing with extra usage',
  '5-hour limit resets 17:00',
  'Server is temporarily limiting requests (not your usage limit)',
  "This request would exceed your organization's rate limit of 50 requests per minute",
  'Rate limit reached',
  "You're close to your usage credit limit",
  "You're now using usage credits · Your session limit resets 9pm (UTC)",
  'Now using your usage allocation',
  'I am out of usage examples, so here is a new one.',
  'The speed limit on this road resets my expectations',
  '',
])('%j is no limit', (text) => {
  expect(parseUsageLimit(text)).toBeUndefined()
})

describe('a rate_limit_event', () => {
  const event = (status: string, resetsAt?: unknown) => ({
    type: 'rate_limit_event',
    rate_limit_info: { status, resetsAt, rateLimitType: 'five_hour', utilization: 1 },
  })

  test('that is rejected is a limit, with its time in Unix seconds', () => {
    const resetsAt = new Date('2025-06-14T18:00:00Z')
    expect(parseUsageLimit(event('rejected', 1_749_924_000))).toEqual({ resetsAt })
    expect(parseUsageLimit(event('rejected', '1749924000'))).toEqual({ resetsAt })
  })

  test.each([undefined, null, 'soon', Number.NaN, 1e30])('with the time %s is a limit without one', (resetsAt) => {
    expect(parseUsageLimit(event('rejected', resetsAt))).toEqual({})
  })

  test.each(['allowed', 'allowed_warning', ''])('with the status %j is no limit', (status) => {
    expect(parseUsageLimit(event(status, 1_749_924_000))).toBeUndefined()
  })

  test.each([
    null,
    undefined,
    7,
    [],
    {},
    { type: 'rate_limit_event' },
    { type: 'result', rate_limit_info: { status: 'rejected' } },
  ])('is not what %j is', (value) => {
    expect(parseUsageLimit(value)).toBeUndefined()
  })
})

test('a long text without a time is read in linear time', () => {
  const text = `You've hit your limit ${'resets at '.repeat(50_000)}`
  expect(parseUsageLimit(text)).toEqual({})
  expect(parseUsageLimit('hit your '.repeat(50_000))).toBeUndefined()
})
