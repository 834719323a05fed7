import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

/** Which lines of a text to show, and how much of them. */
export interface TextRange {
  /** From 1. */
  offset: number
  limit: number
}

const maxLineChars = 2_000
/** What one result shows of a text; the loop would cut it further on without saying where to go on. */
export const maxTextChars = 100_000

const chunkBytes = 65_536

/**
 * Lines of a text with their numbers, as `cat -n` shows them, and a note where it goes on. It reads no further than the
 * last line that it shows and holds no more than one line in memory, of which no more than what it shows.
 *
 * UTF-8, or UTF-16 with a byte order mark; what is neither becomes U+FFFD.
 *
 * @throws {Error} for the model: the file has fewer lines, or is binary
 */
export async function readText(handle: FileHandle, { offset, limit }: TextRange, signal: AbortSignal): Promise<string> {
  const shown: string[] = []
  let chars = 0
  let number = 0
  for await (const lines of readLines(handle, signal)) {
    for (const { text, length } of lines) {
      number++
      if (number < offset) continue
      if (shown.length >= limit || chars >= maxTextChars) {
        shown.push(`[There is more: go on with offset ${number}.]`)
        return shown.join('\n')
      }
      const note = length > maxLineChars ? ` [cut: ${maxLineChars} of ${length} characters]` : ''
      const line = `${String(number).padStart(6)}\t${text}${note}`
      chars += line.length + 1
      shown.push(line)
    }
  }
  if (!number) return '[The file is empty.]'
  if (!shown.length) throw new Error(`The file has ${number} lines: there is no line ${offset}.`)
  return shown.join('\n')
}

interface Line {
  /** Its first characters. */
  text: string
  /** How long it is in all, in UTF-16 units. */
  length: number
}

/** The lines that end in each chunk; one at a time, they would cost more to hand over than to find. */
async function* readLines(handle: FileHandle, signal: AbortSignal): AsyncGenerator<Line[]> {
  let text = ''
  let length = 0
  for await (const piece of decode(handle, signal)) {
    const lines: Line[] = []
    const take = (from: number, to: number) => {
      // One more than is shown, since it may be the carriage return of the line break.
      text += piece.slice(from, Math.min(to, from + maxLineChars + 1 - text.length))
      length += to - from
    }
    let start = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      take(start, end)
      lines.push(toLine(text, length))
      start = end + 1
      text = ''
      length = 0
    }
    take(start, piece.length)
    yield lines
  }
  if (length) yield [toLine(text, length)]
}

function toLine(start: string, length: number): Line {
  const isWhole = length === start.length
  const text = isWhole && start.endsWith('\r') ? start.slice(0, -1) : start
  // Half a character at the cut is left out.
  const kept = text.slice(0, maxLineChars).replace(/[\ud800-\udbff]$/, '')
  return { text: kept.replaceAll('\0', '\u2400'), length: isWhole ? text.length : length }
}

async function* decode(handle: FileHandle, signal: AbortSignal): AsyncGenerator<string> {
  const chunk = Buffer.alloc(chunkBytes)
  let decoder: TextDecoder | undefined
  for (let position = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position)
    if (!bytesRead) break
    const bytes = chunk.subarray(0, bytesRead)
    decoder ??= new TextDecoder(encodingOf(bytes))
    position += bytesRead
    yield decoder.decode(bytes, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

/** By the byte order mark. A NUL in text without one means that it is none. */
function encodingOf(start: Buffer): string {
  const mark = start.readUInt16BE.bind(start)
  if (start.length > 1 && mark(0) === 0xfffe) return 'utf-16le'
  if (start.length > 1 && mark(0) === 0xfeff) return 'utf-16be'
  if (start.subarray(0, 8_192).includes(0))
    throw new Error('The file is binary: there is no text to show. Use a program that knows its format.')
  return 'utf-8'
}
