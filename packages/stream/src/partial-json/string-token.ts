import type { Token } from './token.ts'

// One scan for all that ends a run: looking for `"` and `\` apart would search far ahead again after every escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const special = /["\\\0-\x1f]/g
const escapePrefix = /^\\(?:["\\/bfnrt]|u[\da-fA-F]*)$/

/** Reads a string after its opening quote. `value` is a rope: appending to it costs the same at any length. */
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
        if (escaped) {
          const longer = escaped + text[at]
          if (!escapePrefix.test(longer)) break
          const whole = longer.length === (longer[1] === 'u' ? 6 : 2)
          if (whole) piece += JSON.parse(`"${longer}"`)
          escaped = whole ? '' : longer
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
      return at
    },
  }
  return token
}
