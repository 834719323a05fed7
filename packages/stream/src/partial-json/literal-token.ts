import type { Token } from './token.ts'

/** Reads `true`, `false` or `null`, told by its first letter. */
export function createLiteralToken(): Token {
  let rest = ''
  const token = {
    value: null as boolean | null,
    closed: false,
    start(first: string) {
      token.value = first === 'n' ? null : first === 't'
      rest = `${token.value}`
    },
    read(text: string, at: number) {
      for (; rest && text[at] === rest[0]; at++) rest = rest.slice(1)
      token.closed = !rest
      return at
    },
  }
  return token
}
