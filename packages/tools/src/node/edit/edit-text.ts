import { isWindows } from '../files/file-text.ts'
import { findAll } from './find-all.ts'

/** A change of a text. Line breaks may be written as LF whatever the text has. */
export interface TextEdit {
  from: string
  to: string
  /** Everywhere; otherwise it must be there once. */
  all: boolean
  /** May a place begin there? Default everywhere. */
  mayStart?: ((at: number) => boolean) | undefined
}

const maxChars = 40 * 1024 * 1024
const maxLinesNamed = 10
/** There is no need to count further where it must be there once. */
const maxPlaces = 1_000

/**
 * Replaces some of a text, and says in which lines it was. What is put in gets the kind of line breaks of what it
 * replaces, or of the text where that has none.
 *
 * @throws {Error} for the model: it is not there, or more than once, or the result would be too large
 */
export function editText(
  text: string,
  { from, to, all, mayStart = () => true }: TextEdit,
): { text: string; lines: number[] } {
  const places = findPlaces(text, from, all ? Number.POSITIVE_INFINITY : maxPlaces)
  if (!places.length) throw new Error(`old_string is not in the file. ${hintAt(text, from)}`)
  if (!places.every(({ start }) => mayStart(start))) {
    throw new Error(
      'old_string begins right behind a character that is no UTF-8, and may be a part of it: begin it elsewhere.',
    )
  }
  const lines = linesOf(text, places)
  if (places.length > 1 && !all) {
    throw new Error(
      `old_string is there ${places.length < maxPlaces ? '' : 'at least '}${places.length} times, in ${nameLines(lines)}: take in more of what stands around the one you mean, or set replace_all.`,
    )
  }
  if (text.length + places.length * (2 * to.length - from.length) > maxChars) {
    throw new Error('The file would become too large: nothing was changed.')
  }
  // Once, since there may be a million places in a million lines.
  const usual = withBreaksOf(text, to)
  let result = ''
  let end = 0
  for (const place of places) {
    const old = text.slice(place.start, place.end)
    result += text.slice(end, place.start) + (old.includes('\n') ? withBreaksOf(old, to) : usual)
    end = place.end
  }
  return { text: result + text.slice(end), lines }
}

/** The lines of an edit in words, shortened where they are many. */
export function nameLines(lines: readonly number[]): string {
  const named = [...new Set(lines)]
  const more = named.length - maxLinesNamed
  const list = named.slice(0, maxLinesNamed).join(', ')
  return named.length === 1 ? `line ${list}` : `lines ${list}${more > 0 ? ` and ${more} more` : ''}`
}

interface Place {
  start: number
  end: number
}

/** Where it is in the text, with either kind of line break counting as the other. */
function findPlaces(text: string, wanted: string, most: number): Place[] {
  const isMixed = wanted.includes('\n') && text.includes('\r\n')
  const plain = isMixed ? wanted.replaceAll('\r\n', '\n') : wanted
  const found = findAll(isMixed ? text.replaceAll('\r\n', '\n') : text, plain, most)
  if (!isMixed) return found.map((start) => ({ start, end: start + plain.length }))
  // Every carriage return that was left out before a place moves it.
  let left = 0
  let next = text.indexOf('\r\n')
  const move = (at: number) => {
    while (next >= 0 && next - left < at) {
      left++
      next = text.indexOf('\r\n', next + 2)
    }
    return at + left
  }
  return found.map((start) => ({ start: move(start), end: move(start + plain.length) }))
}

function linesOf(text: string, places: readonly Place[]): number[] {
  let line = 1
  let next = text.indexOf('\n')
  return places.map(({ start }) => {
    for (; next >= 0 && next < start; next = text.indexOf('\n', next + 1)) line++
    return line
  })
}

function withBreaksOf(sample: string, text: string): string {
  return isWindows(sample) ? text.replace(/\r?\n/g, '\r\n') : text
}

function hintAt(text: string, wanted: string): string {
  if (wanted.trim() && wanted.split('\n').every((line) => !line || /^ *\d+\t/.test(line))) {
    return 'It has line numbers at its start, which Read adds: leave them out.'
  }
  if (/\ufffd|\xef\xbf\xbd/.test(wanted)) {
    return 'U+FFFD stands for bytes that are no UTF-8: take the text before or after them alone.'
  }
  return toLoose(wanted) && findAll(toLoose(text), toLoose(wanted)).length
    ? 'It is there with other spaces, line breaks or quotation marks: use Read and copy it exactly.'
    : 'Use Read, and copy what you want to replace exactly.'
}

/** Without what models get wrong most. The characters that are not ASCII come in both forms that a `FileText` may have. */
function toLoose(text: string): string {
  return (
    text
      .replace(/\xe2\x80[\x98\x99]|[\u2018\u2019]/g, "'")
      .replace(/\xe2\x80[\x9c\x9d]|[\u201c\u201d]/g, '"')
      .replaceAll('\xc2\xa0', ' ')
      // A choice in here would fail in a text that is blank for millions of characters.
      .replace(/[ \t\r\n]+/g, ' ')
      .trim()
  )
}
