import type { Token } from './token.ts'

const words = { t: 'true', f: 'false', n: 'null' }

/** Reads `true`, `false` or `null`, told by its first letter. */
export function createLiteralToken(first: keyof typeof words): Token {
  const word = words[first]
  let read = 0
  const token = {
    value: JSON.parse(word),
    closed: false,
    read(text: string, at: number) {
      while (!token.closed && text[at] === word[read]) {
        at++
        token.closed = ++read === word.length
      }
      return at
    },
  }
  return token
}
