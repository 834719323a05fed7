import { cleanText } from '../text/clean-text.ts'
import { contentText } from '../text/content-text.ts'
import { jsonText } from '../text/json-text.ts'

const promptLimit = 500
const callLimit = 2_000
const lineLimit = 200

export function promptBlock(content: unknown): string {
  const { text, rest } = cleanText(contentText(content), promptLimit)
  return `[User Message]\n${text}${rest ? '...' : ''}\n\n`
}

export function callBlock(name: string, input: unknown): string {
  const json = jsonText(input, 2 * callLimit)
  const { text, rest } = cleanText(json.text, callLimit)
  return `[Tool Call: ${lineText(name)}]\nArgs: ${text}${rest || !json.isWhole ? '\n... [truncated]' : ''}\n\n`
}

export function resultBlock(content: unknown, isError: boolean): string {
  const { text, rest } = cleanText(contentText(content), callLimit)
  return `[Tool Result${isError ? ' (error)' : ''}]\n${text}${rest ? '\n... [truncated]' : ''}\n\n`
}

export function thinkingBlock(text: string): string {
  return `[Thinking]\n${cleanText(text).text}\n\n`
}

export function responseBlock(text: string): string {
  return `[Response]\n${cleanText(text).text}\n\n`
}

/** What a program wrote beside its answer; a line each. */
export function stderrLines(data: unknown): string {
  return lines(data)
    .map((line) => `[stderr] ${cleanText(line).text}\n`)
    .join('')
}

/** Lines that should have been events, and were none. */
export function unparsedLines(data: unknown): string {
  return lines(data)
    .map((line) => `[UNPARSED] ${cleanText(line, lineLimit).text}\n`)
    .join('')
}

/** Whatever else is worth a line. */
export function debugLine(text: string): string {
  return `[DEBUG] ${lineText(text)}\n`
}

function lineText(text: string): string {
  return cleanText(text, callLimit).text.replace(/\s*\n\s*/g, ' ')
}

function lines(data: unknown): string[] {
  const text = typeof data === 'string' ? data : jsonText(data, callLimit).text
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}
