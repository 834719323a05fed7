import { Buffer } from 'node:buffer'

/** A match or what stands around it, as ripgrep tells it. */
interface FoundLines {
  isMatch: boolean
  /** One, or several in a match over many. */
  lines: FoundLine[]
}

interface FoundLine {
  number: number
  text: string
}

/** What ripgrep says in a line of JSON; what is not listed here means nothing to us. */
export type RipgrepMessage = { type: 'begin'; path: string } | ({ type: 'lines' } & FoundLines) | undefined

const maxLineChars = 500
const charsBefore = 100

/**
 * @param onlyMatches leaves out what does not match of the lines that do
 * @see https://docs.rs/grep-printer/latest/grep_printer/struct.JSON.html
 */
export function parseMessage(piece: Buffer, onlyMatches = false): RipgrepMessage {
  const { type, data } = JSON.parse(piece.toString()) as { type: string; data: MessageData }
  if (type === 'begin') return { type, path: toBytes(data.path!).toString() }
  if (type !== 'match' && type !== 'context') return undefined
  const { line_number, submatches = [] } = data
  const bytes = toBytes(data.lines!)
  const number = line_number ?? 0
  const match = submatches[0]?.start ?? 0
  const lines = onlyMatches ? toMatches(bytes, number, submatches) : toLines(bytes, number, match)
  return { type: 'lines', isMatch: type === 'match', lines }
}

/** @param match where in the first line the match begins */
function toLines(bytes: Buffer, number: number, match = 0): FoundLine[] {
  const before = bytes.subarray(0, match).toString().length
  const lines = bytes
    .toString()
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
  return lines.map((line, index) => ({ number: number + index, text: shorten(line, index ? 0 : before) }))
}

function toMatches(bytes: Buffer, first: number, matches: readonly Submatch[]): FoundLine[] {
  let number = first
  let next = bytes.indexOf('\n')
  return matches.flatMap(({ start, end }) => {
    for (; next >= 0 && next < start; next = bytes.indexOf('\n', next + 1)) number++
    return start < end ? toLines(bytes.subarray(start, end), number) : []
  })
}

interface MessageData {
  path?: Data
  lines?: Data
  line_number?: number | null
  submatches?: readonly Submatch[]
}

/** Of bytes. */
interface Submatch {
  start: number
  end: number
}

/** What is no UTF-8 comes as base64. */
type Data = { text: string } | { bytes: string }

function toBytes(data: Data): Buffer {
  return 'text' in data ? Buffer.from(data.text) : Buffer.from(data.bytes, 'base64')
}

/** The part of a long line that has the match in it. */
function shorten(line: string, match: number): string {
  const text = line.replaceAll('\0', '\u2400')
  if (text.length <= maxLineChars) return text
  const start = Math.min(Math.max(0, match - charsBefore), text.length - maxLineChars)
  const shown = text.slice(start, start + maxLineChars).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
  return `${shown} [cut: characters ${start + 1} to ${start + maxLineChars} of ${text.length}]`
}
