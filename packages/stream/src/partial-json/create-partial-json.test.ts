import { type JSONValue, StreamParseError } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPartialJSON } from './create-partial-json.ts'

function parse(pieces: Iterable<string>) {
  const json = createPartialJSON({ maxDepth: Number.POSITIVE_INFINITY })
  for (const piece of pieces) json.push(piece)
  return json
}

function outcome(text: string): { value: JSONValue } | 'refused' {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return 'refused'
  }
}

function ours(pieces: Iterable<string>): { value: JSONValue | undefined } | 'refused' {
  try {
    const json = parse(pieces)
    return json.complete ? { value: json.value } : 'refused'
  } catch (error) {
    expect(error).toBeInstanceOf(StreamParseError)
    return 'refused'
  }
}

/** Tells apart what `toEqual` does not: -0 and 0, the order of keys, the prototype, own `__proto__`. */
function fingerprint(value: unknown): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null) return `${typeof value} ${JSON.stringify(value) ?? value} ${value}`
  if (Array.isArray(value)) return `[${Object.keys(value).join()}: ${value.map(fingerprint).join()}]`
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value))
  return `{${entries.map(([key, { value, ...flags }]) => `${JSON.stringify(key)} ${JSON.stringify(flags)} ${fingerprint(value)}`).join()}}`
}

function expectSame(actual: ReturnType<typeof ours>, expected: ReturnType<typeof ours>, text: string) {
  const show = (result: typeof actual) => (result === 'refused' ? result : fingerprint(result.value))
  expect(show(actual), JSON.stringify(text)).toBe(show(expected))
}

function cut(text: string, at: readonly number[]): string[] {
  const points = [0, ...at.map((point) => point % (text.length + 1)).sort((a, b) => a - b), text.length]
  return points.slice(1).map((end, index) => text.slice(points[index], end))
}

/** Could `part` still grow into `whole`? */
function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part)
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      part.length <= whole.length &&
      part.every((item, i) =>
        i < part.length - 1 ? fingerprint(item) === fingerprint(whole[i]) : isPart(item, whole[i]),
      )
    )
  }
  if (typeof part !== 'object' || part === null) return Object.is(part, whole)
  return (
    typeof whole === 'object' &&
    whole !== null &&
    Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && isPart(value, whole[key as never]))
  )
}

const text = fc.string({
  unit: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('"', '\\', '\n', '\ud83d', '\ude00', '\u2028', '😀')),
})
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 40n }),
      fc.constantFrom('', '.0', '.5', '.000000000000000000000001', '.10'),
      fc.constantFrom('', 'e0', 'E+5', 'e-330', 'e308', 'e400', 'E-00001'),
    )
    .map((parts) => parts.join('')),
)
const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n  ')
const quoted = text.map((value) => JSON.stringify(value))
const escaped = text.map(
  (value) =>
    `"${[...Array(value.length).keys()].map((i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`,
)
// No key that is one escape: from V8 12 on JSON.parse takes it for a backslash where it has met one as a key before.
const key = fc
  .oneof(
    quoted,
    fc.constantFrom('"__proto__"', '"a"', '"1"', '"0"', '"constructor"', '""', '"\\u0061\\u0062"', '"toJSON"'),
  )
  .filter((json) => json[1] !== '\\' || JSON.parse(json).length > 1)

/** Valid JSON texts that `JSON.stringify` would not write: spaces, escapes, odd numbers, keys given twice. */
const jsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc
    .tuple(
      space,
      fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(
          number,
          quoted,
          escaped,
          fc.constantFrom('true', 'false', 'null', '{}', '[]', '-0', '0.1e1', '1e-400', '-1E999'),
        ),
        fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join()}]`),
        fc
          .array(fc.tuple(space, key, space, tie('value')), { maxLength: 5 })
          .map(
            (items) => `{${items.map(([before, name, after, value]) => `${before}${name}${after}:${value}`).join()}}`,
          ),
      ),
      space,
    )
    .map((parts) => parts.join('')),
})).value

const cuts = fc.array(fc.nat(), { maxLength: 12 })

describe('a complete text', () => {
  test('equals what JSON.parse returns, cut anywhere', () => {
    fc.assert(
      fc.property(jsonText, cuts, (text, at) => expectSame(ours(cut(text, at)), outcome(text), text)),
      { numRuns: 3000 },
    )
  })

  test('equals what JSON.parse returns when cut into single code units and read after each', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const json = parse([])
        for (let i = 0; i < text.length; i++) {
          json.push(text.charAt(i))
          const expected = outcome(text.slice(0, i + 1))
          expect(json.complete).toBe(expected !== 'refused')
          if (expected !== 'refused') expectSame({ value: json.value }, expected, text.slice(0, i + 1))
        }
      }),
      { numRuns: 250 },
    )
  })

  test.each([
    '-0',
    '-0.0',
    '-0e5',
    '0.1e-0',
    '1e400',
    '-1e400',
    '4.9e-324',
    '2.4703282292062327e-324',
    '1.7976931348623159e308',
    '9007199254740993',
    '0.1',
    '1E+2',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\\ud83d\\ude00"',
    '"\ud83d"',
    '"\u007f\u2028"',
    '"\\/\\b\\f"',
    '{"__proto__":1}',
    '{"__proto__":{"x":1},"__proto__":{"y":2}}',
    '{"a":1,"__proto__":null,"b":2}',
    '{"a":1,"b":2,"a":3}',
    '{"b":1,"1":2,"0":3,"a":4}',
    '{"a":{"x":1},"a":{}}',
    '{"a":[1,2],"a":"s"}',
    '{"":{"":""}}',
    ' [ ] ',
    '\t{\r\n} ',
    '[[],{}]',
    '{"length":3}',
    '{"toString":1}',
    '[{"__proto__":[]}]',
    '{"constructor":{"prototype":1}}',
    '{"-0":1,"01":2,"4294967295":3,"4294967294":4}',
  ])('%s comes out as JSON.parse has it', (text) => {
    for (let at = 0; at <= text.length; at++) expectSame(ours(cut(text, [at])), outcome(text), text)
    expectSame(ours(text), outcome(text), text)
  })

  test('has keys that are one escape, also where JSON.parse mistakes them for a backslash', () => {
    JSON.parse('{"p":1,"\\\\":2}')
    expect(ours(['{"p":1,"\\u0061":2,"\\n":3}'])).toEqual({ value: { p: 1, a: 2, '\n': 3 } })
  })

  test('numbers of thousands of digits are rounded as JSON.parse rounds them', () => {
    const zeros = '0'.repeat(2000)
    const nines = '9'.repeat(2000)
    const halfway = `${2n ** 53n + 1n}`
    const tiny = (2n ** 1074n).toString().length // 5e-324 / 2, written out, has 751 significant digits
    const half = `0.${(5n ** 1075n).toString().padStart(1075, '0')}`
    expect(tiny).toBeGreaterThan(300)
    const texts = [
      `1${zeros}`,
      `1${zeros}e-2000`,
      `-${nines}e-1990`,
      `0.${zeros}1e2001`,
      `0.${zeros}1`,
      `0.${zeros}${nines}e+2010`,
      `${halfway}.${zeros}`,
      `${halfway}.${zeros}1`,
      half,
      `${half}${zeros}`,
      `${half}${zeros}1`,
      `${half}${zeros}1e3`,
      `1e${zeros}5`,
      `1e-${zeros}5`,
      `1e${nines}`,
      `1e-${nines}`,
      `0e${nines}`,
      `-0.${zeros}e${nines}`,
      `${halfway}${zeros}1e-2001`,
    ]
    for (const text of texts) {
      for (const whole of [text, `[${text}]`]) {
        expectSame(ours([whole]), outcome(whole), whole)
        expectSame(ours(cut(whole, [400, 801, 1203, 2001])), outcome(whole), whole)
      }
    }
  })
})

describe('what JSON.parse refuses', () => {
  const noise = fc.string({
    unit: fc.constantFrom(...'{}[]:,"\\/ \n\t\rtruefalsn0123456789.eE+-ux\u0000\u001f\ufeff\u00a0\u2028a'),
  })

  test('is refused, and nothing else, in texts of its alphabet', () => {
    fc.assert(
      fc.property(noise, cuts, (text, at) => expectSame(ours(cut(text, at)), outcome(text), text)),
      { numRuns: 8000 },
    )
  })

  test('is refused, and nothing else, when valid text is damaged', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.nat({ max: 3 }), noise, cuts, (text, where, removed, added, at) => {
        const from = where % (text.length + 1)
        const damaged = text.slice(0, from) + added.slice(0, 3) + text.slice(from + removed)
        expectSame(ours(cut(damaged, at)), outcome(damaged), damaged)
      }),
      { numRuns: 6000 },
    )
  })

  test('is refused, and nothing else, at every prefix of a text, damaged or not', () => {
    const damaged = fc.tuple(jsonText, fc.nat(), fc.nat({ max: 2 }), noise).map(([text, where, removed, added]) => {
      const from = where % (text.length + 1)
      return text.slice(0, from) + added.slice(0, 2) + text.slice(from + removed)
    })
    fc.assert(
      fc.property(fc.oneof(noise, damaged), (text) => {
        const json = parse([])
        for (let length = 1; length <= text.length; length++) {
          const prefix = text.slice(0, length)
          try {
            json.push(text.charAt(length - 1))
          } catch {
            expect(json.complete).toBe(false)
          }
          const expected = outcome(prefix)
          const found = json.complete ? { value: json.value as JSONValue } : 'refused'
          expectSame(found, expected, prefix)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is refused as soon as it cannot become valid any more', () => {
    const cases: [string, string][] = [
      ['[1,', ']'],
      ['{"a"', ','],
      ['{"a":1,', '}'],
      ['', ']'],
      ['[', ','],
      ['0', '1'],
      ['-', '-'],
      ['1.', 'e'],
      ['1e', 'e'],
      ['tr', 'x'],
      ['"\\u00', 'g'],
      ['"\\', 'x'],
      ['"a', '\n'],
      ['{}', '{'],
      ['', '\ufeff'],
      ['{', "'"],
      ['"" ', '"'],
      ['[1', ' 2'],
      ['', '+'],
      ['', '.'],
      ['[0', 'x'],
      ['nul', ' '],
    ]
    for (const [good, bad] of cases) {
      const json = parse([good])
      expect(() => json.push(`${bad}  `)).toThrow(`at position ${good.length + bad.length - 1} of`)
      expect(() => parse([...good, ...bad])).toThrow(`at position ${good.length + bad.length - 1} of`)
    }
  })

  test('leaves the value as it was, and every later push throws the same error', () => {
    const json = parse(['{"a": [1, 2], "b": "one\\u0020tw'])
    let first: unknown
    try {
      json.push('o\u0000three"}')
    } catch (error) {
      first = error
    }
    expect(first).toMatchObject({
      code: 'stream_parse',
      message: 'Unexpected "\\u0000" at position 32 of the JSON text',
    })
    expect(json.value).toEqual({ a: [1, 2], b: 'one two' })
    expect(json.complete).toBe(false)
    for (const text of ['"', '}', '']) {
      let again: unknown
      try {
        json.push(text)
      } catch (error) {
        again = error
      }
      expect(again).toBe(first)
    }
    expect(json.value).toEqual({ a: [1, 2], b: 'one two' })
  })

  test('leaves the same value however the text was cut', () => {
    fc.assert(
      fc.property(noise, cuts, (text, at) => {
        const run = (pieces: string[]) => {
          const json = parse([])
          let message = ''
          try {
            for (const piece of pieces) json.push(piece)
          } catch (error) {
            message = String(error)
          }
          return `${message} ${json.complete} ${fingerprint(json.value)}`
        }
        expect(run(cut(text, at))).toBe(run([text]))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a text that is still arriving', () => {
  test('shows at every point a part of the final value', () => {
    const noDuplicates = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(noDuplicates, cuts, (text, at) => {
        const whole = JSON.parse(text)
        if (typeof whole === 'number') return
        const json = parse([])
        for (const piece of cut(text, at)) {
          json.push(piece)
          if (json.value !== undefined)
            expect(isPart(json.value, whole), `${fingerprint(json.value)} of ${text}`).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('shows strings as they grow, literals and nested numbers once they have ended, keys with their values', () => {
    const json = createPartialJSON()
    const steps: [string, unknown][] = [
      [' ', undefined],
      ['{', {}],
      ['"pa', {}],
      ['th"', {}],
      [':', {}],
      ['"', { path: '' }],
      ['src/\\', { path: 'src/' }],
      ['u00e', { path: 'src/' }],
      ['9', { path: 'src/é' }],
      ['", "n": 1', { path: 'src/é' }],
      ['2', { path: 'src/é' }],
      [',', { path: 'src/é', n: 12 }],
      ['"ok":tru', { path: 'src/é', n: 12 }],
      ['e', { path: 'src/é', n: 12, ok: true }],
      [',"l":[', { path: 'src/é', n: 12, ok: true, l: [] }],
      ['-1]', { path: 'src/é', n: 12, ok: true, l: [-1] }],
    ]
    for (const [text, value] of steps) {
      json.push(text)
      expect(json.value).toEqual(value)
      expect(json.complete).toBe(false)
    }
    json.push('}')
    expect(json.complete).toBe(true)
    json.push('\n')
    expect(json.complete).toBe(true)
  })

  test('grows in place', () => {
    const json = parse(['{"list":[{"text":"a'])
    const value = json.value as { list: { text: string }[] }
    const item = value.list[0]
    json.push('b"}, 2]}')
    expect(json.value).toBe(value)
    expect(value.list[0]).toBe(item)
    expect(value).toEqual({ list: [{ text: 'ab' }, 2] })
  })

  test('a number that is the whole text is visible while it is one', () => {
    const seen = [...'-12.5e1 '].map((_, i, all) => {
      const { value, complete } = parse(all.slice(0, i + 1))
      return complete ? value : undefined
    })
    expect(seen).toEqual([undefined, -1, -12, undefined, -12.5, undefined, -125, -125])
    expect(parse(['-12.']).value).toBeUndefined()
  })

  test('is nothing at all before the first value', () => {
    expect(parse([])).toMatchObject({ value: undefined, complete: false })
    expect(parse(['', ' \n'])).toMatchObject({ value: undefined, complete: false })
  })
})

describe('limits', () => {
  test('one level more than maxDepth is an error, by default at 513', () => {
    expect(createPartialJSON().push('['.repeat(512))).toBeUndefined()
    expect(() => createPartialJSON().push('['.repeat(513))).toThrow('More than 512 levels of nesting at position 512')
    expect(() => createPartialJSON({ maxDepth: 1 }).push('{"a":{')).toThrow(StreamParseError)
    expect(() => createPartialJSON({ maxDepth: 0 }).push('[')).toThrow(StreamParseError)
    expect(() => createPartialJSON({ maxDepth: 1 }).push('[')).not.toThrow()
  })

  test('depth is what is open at a time, not how much there is', () => {
    expect(() => createPartialJSON({ maxDepth: 2 }).push(`[${'[],'.repeat(1000)}{}]`)).not.toThrow()
  })

  test('a hundred thousand levels do not overflow the stack', () => {
    const json = createPartialJSON({ maxDepth: 1e5 })
    json.push('['.repeat(1e5))
    json.push(']'.repeat(1e5))
    expect(json.complete).toBe(true)
  })
})

describe('the cost', () => {
  /** A string that counts how often it is looked at, and every character that is copied out of it. */
  function counted(text: string, spend: (steps: number) => void): string {
    const access = (_: object, name: string | symbol) => {
      spend(1)
      if (name === Symbol.toPrimitive || name === 'toString') return () => text
      const member = text[name as never] as unknown
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        const result: unknown = member.apply(text, args)
        if (typeof result === 'string') spend(result.length)
        return result
      }
    }
    return new Proxy(Object(text), { get: access }) as string
  }

  function stepsFor(text: string, length: number): number {
    let steps = 0
    const json = createPartialJSON()
    for (let at = 0; at < text.length; at += length) {
      json.push(counted(text.slice(at, at + length), (more) => (steps += more)))
      void json.value
    }
    expect(json.complete).toBe(true)
    return steps
  }

  const shapes = {
    'one long string': (n: number) => JSON.stringify('x'.repeat(n)),
    'a string full of escapes': (n: number) => `"${'\\n\\u00e9\\"'.repeat(n / 10)}"`,
    'a long number': (n: number) => `0.${'7'.repeat(n)}`,
    'many small values': (n: number) =>
      JSON.stringify(Array.from({ length: n / 10 }, (_, i) => ({ [i]: -i / 8, b: [null, true] }))),
    'much space': (n: number) => `[${' '.repeat(n)}]`,
  }
  for (const [shape, create] of Object.entries(shapes)) {
    test.each([1, 24, 1e9])(`of ${shape} doubles with its length, in pieces of %d`, (length) => {
      const once = stepsFor(create(10_000), length)
      const twice = stepsFor(create(20_000), length)
      expect(once).toBeGreaterThan(10_000 / length)
      expect(twice).toBeLessThan(2.3 * once)
    })
  }
})
