import { stripVTControlCharacters } from 'node:util'
import type { ShownOutput } from './output-spool.ts'

/** Shorter output is shown whatever it is. */
const minBinaryChars = 1_000

/** Lines of a line that was written over, at most. */
const maxRewrites = 10

/**
 * Output as the model sees it, without colours, and then a line for each note. Of a line that is written over and over, as
 * progress is, it sees what is left in the end, and what said something else before. Binary output is left out.
 */
export function toOutputText(output: ShownOutput, notes: readonly (string | undefined)[]): string {
  const lines = notes.filter((note) => note !== undefined).map((note) => `[${note}]`)
  return [showOutput(output), ...lines].join('\n')
}

function showOutput({ head = '', text, dropped, file }: ShownOutput): string {
  if (isBinary(head + text)) {
    return '[The output is binary, or no UTF-8, and is not shown. To keep it, write it to a file.]'
  }
  const shown = toPlain(text)
  const where = file === undefined ? 'To see them, write the output to a file.' : `All of the output is in ${file}.`
  const cut = `[${dropped} bytes ${head ? 'here' : 'before this'} are cut. ${where}]`
  if (!dropped) return toPlain(head + text) || '[No output.]'
  return [...(head ? [toPlain(head)] : []), cut, shown || '[No output.]'].join('\n')
}

function toPlain(text: string): string {
  const plain = stripVTControlCharacters(text).replaceAll('\0', '\u2400')
  return plain.split('\n').map(withoutRewrites).join('\n').trimEnd()
}

function isBinary(text: string): boolean {
  const odd = text.split(/[\0\ufffd]/).length - 1
  return text.length > minBinaryChars && odd > text.length / 4
}

function withoutRewrites(line: string): string {
  let end = line.length
  while (line[end - 1] === '\r') end--
  const start = line.lastIndexOf('\r', end - 1) + 1
  const last = line.slice(start)
  let next = wordsOf(last)
  const others: string[] = []
  for (const text of line.slice(0, start).split('\r').reverse()) {
    const words = wordsOf(text)
    if (next.startsWith(words)) continue
    next = words
    others.unshift(text)
  }
  const more = others.length - maxRewrites
  const note = more > 0 ? [`[${more} states of this line are left out.]`] : []
  return [...note, ...others.slice(-maxRewrites), last].join('\n')
}

/** Progress changes figures and bars, not words. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}]+/gu, '')
}
