import type { Entry, PartEntry, ReplyEntry, TurnEntry } from '../../journal/entry.ts'
import { createTotals, type Totals } from '../run/create-totals.ts'
import { errorText } from '../run/error-text.ts'
import { eventText } from '../run/event-text.ts'
import { spendingOf } from '../run/spending-of.ts'
import { debugLine, promptBlock, responseBlock, resultBlock, stderrLines, unparsedLines } from './log-blocks.ts'
import { metadataLine } from './metadata-line.ts'
import { callsOf, replyBlocks, textsOf } from './reply-blocks.ts'

/** How much of a session a log tells. */
export interface LogOptions {
  /**
   * `true`: thoughts, calls, results and what each prompt came to, too. `false`: what was asked and what was answered.
   * Default `true`.
   */
  all?: boolean | undefined
}

/** What the log knows of the prompt that is worked on. */
interface Section {
  startedAt: number
  totals: Totals
  replies: number
  /** Something was answered: where nothing was, the log says so. */
  isAnswered: boolean
}

const rule = (character: string) => character.repeat(80)

/**
 * Writes a session's log entry by entry: it gives the text that an entry adds, which may be none. Give it the entries in
 * their order, each once.
 *
 * @param before entries of an earlier log: they are not written again, and what comes now begins as resumed
 */
export function createLogFormatter(
  { all = true }: LogOptions = {},
  before: readonly Entry[] = [],
): (entry: Entry) => string {
  let prompts = 0
  let model = ''
  let section: Section | undefined
  /** Calls that the log shows. The tools of a reply begin while it is written, so a result may come before its call. */
  const shown = new Set<string>()
  const held = new Map<string, string>()

  function begin(at: string, isResumed: boolean): string {
    section = { startedAt: Date.parse(at), totals: createTotals(), replies: 0, isAnswered: false }
    const number = isResumed ? `${Math.max(0, prompts - 1)} (resumed)` : prompts++
    const time = `${at.slice(0, 10)} ${at.slice(11, 19)}`
    return `${rule('=')}\n[${time}] Prompt #${number}\n${rule('=')}\n\n`
  }

  function replyText(entry: ReplyEntry | PartEntry, { isAnswered }: Section): string {
    if (!all) {
      const text = textsOf(entry.message).join('\n\n')
      if (!text) return ''
      return isAnswered ? responseBlock(text).slice('[Response]\n'.length) : responseBlock(text)
    }
    const results = callsOf(entry.message).map(({ id }) => {
      shown.add(id)
      return take(id)
    })
    const why = entry.type === 'part' ? debugLine(`The reply broke off: ${entry.why}`) : ''
    return replyBlocks(entry.message) + results.join('') + why
  }

  function take(id: string): string {
    const text = held.get(id) ?? ''
    held.delete(id)
    return text
  }

  function endText(
    { status, error }: TurnEntry,
    at: string,
    { startedAt, totals, replies, isAnswered }: Section,
  ): string {
    const rest = [...held.values()].join('')
    held.clear()
    const lines = [
      all && !replies && status !== 'waiting' && debugLine('No events parsed.'),
      status === 'turn_limit' && debugLine(`Reached max_tool_iterations=${replies}`),
      !['completed', 'turn_limit'].includes(status) &&
        debugLine(`The turn ended as ${status}${errorText(error, ': ')}`),
      all && `[Metadata]\n${metadataLine(totals, replies, Date.parse(at) - startedAt)}\n`,
      !all && !isAnswered && responseBlock(''),
    ]
    return `${rest}${lines.filter(Boolean).join('')}${rule('-')}\n\n`
  }

  function text(entry: Entry): string {
    if (entry.type === 'session') model = entry.frozen?.model ?? model
    if (entry.type === 'params') model = entry.changed?.model ?? model
    if (entry.type === 'prompt') {
      const refused = entry.refused === undefined ? '' : debugLine(`The prompt was refused: ${entry.refused}`)
      return (section ? '' : begin(entry.at, false)) + promptBlock(entry.content) + refused
    }
    if (entry.type === 'note' && entry.name === 'stderr') return stderrLines(entry.data)
    if (entry.type === 'note' && entry.name === 'unparsed') return unparsedLines(entry.data)
    const event = all ? eventText(entry) : undefined
    const head = !section && isWork(entry) ? begin(entry.at, true) : ''
    section?.totals.add(spendingOf(entry, model))
    if (!section || !isWork(entry)) return event ? debugLine(event) : ''
    const open = section
    if (entry.type === 'turn') {
      section = undefined
      return head + endText(entry, entry.at, open)
    }
    return head + workText(entry, open) + (event ? debugLine(event) : '')
  }

  function workText(entry: Entry, open: Section): string {
    if (entry.type === 'reply' || entry.type === 'part') {
      if (entry.type === 'reply') open.replies++
      const body = replyText(entry, open)
      if (body) open.isAnswered = true
      return body
    }
    if (entry.type !== 'result' || !all) return ''
    const body = resultBlock(entry.content, entry.isError)
    if (shown.has(entry.id)) return body
    held.set(entry.id, body)
    return ''
  }

  for (const entry of before) text(entry)
  section = undefined
  return text
}

/** Entries that belong to a prompt's work: without one they resume the last. */
function isWork({ type }: Entry): boolean {
  return ['reply', 'part', 'intent', 'result', 'decision', 'turn'].includes(type)
}
