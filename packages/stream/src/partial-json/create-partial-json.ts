import { type JSONValue, StreamParseError } from '@enjamb/core'
import { createLiteralToken } from './literal-token.ts'
import { createNumberToken } from './number-token.ts'
import { createStringToken } from './string-token.ts'
import type { Token } from './token.ts'
import { createTree } from './tree.ts'

/** Options of {@link createPartialJSON}. */
export interface PartialJSONOptions {
  /**
   * How many arrays and objects may be open inside one another; one more is a `StreamParseError`. Default 512: far
   * more than tool input needs, and few enough that recursive code (`JSON.stringify`, a validator) can walk the value.
   */
  maxDepth?: number
}

/** A JSON text that is still arriving. */
export interface PartialJSON {
  /**
   * Takes the next piece of the text, cut anywhere.
   *
   * @throws {StreamParseError} at the first character that `JSON.parse` would refuse, or past `maxDepth`, with its position
   * (in UTF-16 code units, over all pushes). From then on every push throws this same error; `value` keeps what came before.
   */
  push(text: string): void
  /**
   * What the text says so far; undefined before the first value.
   *
   * It grows in place: arrays and objects keep their identity and are added to, so copy what has to stay as it is now.
   * A string is visible from its opening quote on, cut where the text is (a surrogate pair may be half there); `true`,
   * `false` and `null` when they are spelt out; a number when the character after it shows that it has ended; a key when
   * its value is visible. A number that is the whole text is visible while it is one: `1`, nothing at `1.`, then `1.5`.
   */
  readonly value: JSONValue | undefined
  /** Whether `JSON.parse` would accept the text so far; `value` then equals its result. */
  readonly complete: boolean
}

// What may come next is kept as the characters it may begin with.
const key = '"'
const firstKey = '"}'
const element = '"[{-0123456789tfn'
const firstElement = '"[{-0123456789tfn]'

/**
 * Reads a JSON text piece by piece, with what has arrived visible at any time.
 *
 * The cost is linear in the length of the text, however it is cut and however often `value` is read, and no depth of
 * nesting overflows the stack. Reading `value` flattens no string; only looking at a string's characters does.
 * On a complete text `value` equals what `JSON.parse` returns, with the order of its keys, `__proto__` and `-0`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @example
 * const json = createPartialJSON()
 * json.push('{"path": "src/in')
 * json.value // { path: 'src/in' }
 * json.push('dex.ts"}')
 * json.complete // true
 */
export function createPartialJSON({ maxDepth = 512 }: PartialJSONOptions = {}): PartialJSON {
  const tree = createTree()
  const string = createStringToken()
  const number = createNumberToken()
  const literal = createLiteralToken()
  let allowed = element
  let token: Token | undefined
  let isKey = false
  let position = 0
  let failure: StreamParseError | undefined

  function fail(text: string, at: number, problem = `Unexpected ${JSON.stringify(text.charAt(at))}`): never {
    failure = new StreamParseError(`${problem} at position ${position + at} of the JSON text`)
    throw failure
  }

  function endValue(): void {
    allowed = tree.depth === 0 ? '' : tree.inArray ? ',]' : ',}'
  }

  /** Reads the single character at `at`; returns the index from which to read on. */
  function step(text: string, at: number): number {
    const c = text.charAt(at)
    if (!allowed.includes(c)) {
      if (!' \t\n\r'.includes(c)) fail(text, at)
    } else if (c === ':') allowed = element
    else if (c === ',') allowed = tree.inArray ? element : key
    else if (c === ']' || c === '}') {
      tree.close()
      endValue()
    } else {
      isKey = allowed === key || allowed === firstKey
      if (!isKey) tree.begin()
      if (c === '[' || c === '{') {
        if (tree.depth >= maxDepth) fail(text, at, `More than ${maxDepth} levels of nesting`)
        tree.open(c === '[' ? [] : {})
        allowed = c === '[' ? firstElement : firstKey
      } else {
        token = c === '"' ? string : c > '9' ? literal : number
        token.start(c)
        if (token !== string) return at
      }
    }
    return at + 1
  }

  function readToken(current: Token, text: string, from: number): number {
    const at = current.read(text, from)
    if (current.closed) {
      token = undefined
      if (isKey) {
        tree.setKey(string.value as string)
        allowed = ':'
      } else {
        tree.place(current.value)
        endValue()
      }
    } else if (at < text.length) fail(text, at)
    return at
  }

  return {
    push(text) {
      if (failure) throw failure
      try {
        for (let at = 0; at < text.length; ) at = token ? readToken(token, text, at) : step(text, at)
      } finally {
        if (token === string && !isKey) tree.place(string.value)
        position += text.length
      }
    },
    get value() {
      return tree.depth === 0 && token === number && number.valid ? number.value : tree.value
    },
    get complete() {
      return !failure && tree.depth === 0 && (token ? token === number && number.valid : allowed === '')
    },
  }
}
