import { Buffer } from 'node:buffer'

/** A match or what stands around it, as ripgrep tells it. */
interface FoundLines {
  isMatch: boolean
  /** Of the first of them. */
  number: number
  /** One, or several in a match over many. */
  lines: string[]
}

/** What ripgrep says in a line of JSON; what is not listed here means nothing to us. */
export type RipgrepMessage = { type: 'begin'; path: string } | ({ type: 'lines' } & FoundLines) | undefined

const maxLineChars = 500
const charsBefore = 100

/** @see https://docs.rs/grep-printer/latest/grep_printer/struct.JSON.html */
export function parseMessage(piece: Buffer): RipgrepMessage {
  const { type, data } = JSON.parse(piece.toString()) as { type: string; data: MessageData }
  if (type === 'begin') return { type, path: toBytes(data.path!).toString() }
  if (type !== 'match' && type !== 'context') return undefined
  const bytes = toBytes(data.lines!)
  const start = data.submatches?.[0]?.start ?? 0
  const before = bytes.subarray(0, start).toString().length
  const lines = bytes
    .toString()
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
  return {
    type: 'lines',
    isMatch: type === 'match',
    number: data.line_number ?? 0,
    lines: lines.map((line, index) => shorten(line, index ? 0 : before)),
  }
}

interface MessageData {
  path?: Data
  lines?: Data
  line_number?: number | null
  submatches?: readonly { start: number }[]
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
