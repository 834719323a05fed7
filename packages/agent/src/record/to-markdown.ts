import type { Entry } from '../journal/entry.ts'
import { errorText } from './run/error-text.ts'
import { readRun } from './run/read-run.ts'
import type { CallStep, ReplyStep, Run, RunStep, RunTurn } from './run/run.ts'
import { cleanText } from './text/clean-text.ts'
import { contentText } from './text/content-text.ts'
import { costText, countText, durationText, timesText, timeText } from './text/format-numbers.ts'
import { jsonText } from './text/json-text.ts'

const callLimit = 2_000
const resultLimit = 4_000

/**
 * A session as a document: what was asked, what was answered, and which tools were called. Prompts are quoted, and
 * whatever tools said stands in blocks of code, cut at 4,000 characters; what the model wrote is Markdown already, and
 * stays as it is: show it where HTML and pictures of strangers are not let through.
 *
 * @example
 * await writeFile('session.md', toMarkdown(entries))
 */
export function toMarkdown(entries: Iterable<Entry>): string {
  const run = readRun(entries)
  const parts = [`# ${line(run.title || run.id || 'Session')}`, headText(run), ...run.turns.flatMap(turnParts)]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function headText({ id, params, startedAt, turns, replies, totals }: Run): string {
  const worked = turns.reduce((sum, turn) => sum + turn.endedAt - turn.startedAt, 0)
  const calls = turns.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'call')).length
  const { input, cacheWrite, cacheRead, output } = totals.tokens
  return [
    ['Session', line(id)],
    ['Model', line(`${params.model}`)],
    ['Began', `${timeText(startedAt)} UTC`],
    ['Work', `${durationText(worked)}, ${timesText(replies, 'request')}, ${timesText(calls, 'tool call')}`],
    [
      'Tokens',
      `${countText(input + cacheWrite + cacheRead)} in (${countText(cacheRead)} from the cache), ${countText(output)} out`,
    ],
    ['Cost', costText(totals.cost)],
  ]
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n')
}

function turnParts({ prompt, isResumed, status, error, steps }: RunTurn): string[] {
  const head = `## Prompt ${prompt}${isResumed ? ', resumed' : ''}`
  const end =
    status === 'completed'
      ? ''
      : `*${status === 'open' ? 'Not ended' : `Ended as ${status.replaceAll('_', ' ')}`}${line(errorText(error, ': '))}*`
  return [head, ...steps.map(stepText), end]
}

function stepText(step: RunStep): string {
  const text = textOf(step)
  return step.isUndone && text ? `*Taken back:*\n\n${text}` : text
}

function textOf(step: RunStep): string {
  if (step.kind === 'prompt') {
    const refused = step.refused === undefined ? '' : `\n\n*Refused: ${line(step.refused)}*`
    return quoted(contentText(step.content)) + refused
  }
  if (step.kind === 'reply') return replyText(step)
  if (step.kind === 'call') return callText(step)
  return `*${line(step.text)}*`
}

function replyText({ message, entry }: ReplyStep): string {
  const blocks = (message?.content ?? []).map((block) => {
    if (block.type === 'text') return cleanText(block.text).text.trim()
    if (block.type === 'thinking' && block.thinking)
      return `<details><summary>Thinking</summary>\n\n${quoted(block.thinking)}\n\n</details>`
    return ''
  })
  const broken = entry.type === 'part' ? `*The reply broke off: ${line(entry.why)}*` : ''
  return [...blocks, broken].filter(Boolean).join('\n\n')
}

function callText({ name, input, result, ms, children }: CallStep): string {
  const took = ms === undefined ? '' : `, ${durationText(ms)}`
  const agents = children.map(({ agent, session }) => `, sub-agent ${line(agent)} in session ${line(session)}`).join('')
  const json = jsonText(input, 2 * callLimit)
  return [
    `**${line(name)}**${result?.isError ? ' failed' : ''}${took}${agents}`,
    fenced('json', json.text, callLimit),
    result ? fenced('text', contentText(result.content), resultLimit) : '*No result.*',
  ].join('\n\n')
}

/** A text in which nothing ends the block: the fence is longer than any in it. */
function fenced(language: string, content: string, max: number): string {
  const { text, rest } = cleanText(content, max)
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}${rest ? '\n…' : ''}\n${fence}`
}

function quoted(content: string): string {
  return cleanText(content.trim())
    .text.split('\n')
    .map((text) => `> ${escaped(text)}`)
    .join('\n')
}

function line(text: string): string {
  return escaped(cleanText(text.replace(/\s+/g, ' ').trim(), 500).text)
}

/** As text, where it would be markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|]|^[#+=-]/g, '\\$&')
}
