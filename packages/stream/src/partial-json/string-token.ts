import { flatten } from './flatten.ts'
import type { Token } from './token.ts'

// One scan for all that ends a run: looking for `"` and `\` apart would search far ahead again after every escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const special = /["\\\0-\x1f]/g
// A table, as it is what most tool input is full of; `JSON.parse` for each of them takes as long as all the rest.
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const unicodePrefix = /^\\u[\da-fA-F]*$/

/** Reads a string after its opening quote. `value` is a rope until it ends: appending to it costs the same at any length. */
export function createStringToken(): Token {
  let escaped = ''
  const token = {
    value: '',
    closed: false,
    start() {
      token.value = escaped = ''
      token.closed = false
    },
    read(text: string, at: number) {
      // Gathered first, so that a delta with escapes adds one node to the rope and not five.
      let piece = ''
      for (; at < text.length && !token.closed; at++) {
        const character = text[at]!
        const plain = escaped === '\\' ? escapes[character] : undefined
        if (plain) {
          piece += plain
          escaped = ''
        } else if (escaped) {
          escaped += character
          if (!unicodePrefix.test(escaped)) break
          if (escaped.length < 6) continue
          piece += JSON.parse(`"${escaped}"`)
          escaped = ''
        } else {
          special.lastIndex = at
          const end = special.test(text) ? special.lastIndex - 1 : text.length
          piece += text.slice(at, end)
          at = end
          if (text[at] === '\\') escaped = '\\'
          else if (text[at] === '"') token.closed = true
          else break
        }
      }
      token.value += piece
      // A third of all the time goes into collecting otherwise, with half a megabyte in deltas of 24 characters.
      if (token.closed) flatten(token.value)
      return at
    },
  }
  return token
}
