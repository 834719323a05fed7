import { parseResetTime } from './reset-time.ts'

/** A limit of a subscription or of spending that has been reached. */
export interface UsageLimit {
  /** When it ends; absent where the message does not say. It may be in the past: then the limit is already over. */
  resetsAt?: Date
}

const limits = [
  /\b(?:hit|reached) your\b[^.|]{0,40}?\blimits?\b/i,
  /(?<!\brate )\blimits? (?:was |has been )?(?:reached|hit)\b/i,
  /\b(?:you're|you are|org(?:anization)? is) out of usage\b|\bout of (?:extra usage|usage credits)\b/i,
  /\busage credit cap is reached\b|\bhit your team's shared budget\b/i,
  // Where nothing resets by itself.
  /\bseat type doesn't include (?:extra )?usage\b|\bservice is disabled for your org\b/i,
  /\busage allocation has been disabled\b|\busage limit is set to \$0/i,
  /\brequires usage credits\b|\busage credits required\b/i,
  /^\W*(?:your )?(?:\d+-hour|session|daily|weekly|monthly|usage|opus|sonnet|haiku|fable) limit [^\w\s]+ ?resets?\b/im,
]

/** What looks like one of the above while work goes on. */
const warning = /\bapproaching\b|\bcontinuing with extra usage\b|\bnow using\b|\bnot your usage limit\b/i

/**
 * Reads the message of a reached usage limit, as the Claude Code program and the API word it, or a `rate_limit_event`
 * of that program, of which only the status `rejected` is a limit. A warning that a limit is near is none.
 * A clock time without a zone is read in the zone of this machine, and is the next such time.
 *
 * @param textOrEvent the text, or the parsed event; anything else is no limit.
 * @param now what the times are relative to; default: the present.
 * @returns `undefined` where no limit has been reached.
 * @example parseUsageLimit("You've hit your limit · resets 10:17pm (UTC)")?.resetsAt
 */
export function parseUsageLimit(textOrEvent: unknown, now: Date = new Date()): UsageLimit | undefined {
  return typeof textOrEvent === 'string' ? parseText(textOrEvent, now) : parseEvent(textOrEvent)
}

function parseText(text: string, now: Date): UsageLimit | undefined {
  const plain = text.replace(/[’‘ʼ]/g, "'").replace(/[^\S\n]+/g, ' ')
  const starts = limits.map((limit) => plain.search(limit)).filter((index) => index >= 0)
  if (starts.length === 0 || warning.test(plain)) return undefined
  const message = plain.slice(Math.min(...starts))
  const timestamp = /\blimit reached\|(\d{10,13})\b/i.exec(message)?.[1]
  return toLimit(timestamp ? fromTimestamp(Number(timestamp)) : parseResetTime(message, now.getTime()))
}

function parseEvent(event: unknown): UsageLimit | undefined {
  const info = field(event, 'rate_limit_info')
  if (field(event, 'type') !== 'rate_limit_event' || field(info, 'status') !== 'rejected') return undefined
  const resetsAt = field(info, 'resetsAt')
  const isTime = typeof resetsAt === 'number' || (typeof resetsAt === 'string' && /^\d{1,13}$/.test(resetsAt))
  return toLimit(isTime ? fromTimestamp(Number(resetsAt)) : undefined)
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Seconds since the epoch; milliseconds have three digits more. */
function fromTimestamp(timestamp: number): Date {
  return new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp)
}

function toLimit(resetsAt: Date | undefined): UsageLimit {
  return resetsAt && !Number.isNaN(resetsAt.getTime()) ? { resetsAt } : {}
}
