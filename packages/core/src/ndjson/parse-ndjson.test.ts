import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import { StreamParseError } from '../errors/connection/stream-parse-error.ts'
import { parseNDJSON } from './parse-ndjson.ts'

const encoder = new TextEncoder()

function bodyOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> & { cancelled: unknown[]; pulls: number } {
  const iterator = chunks[Symbol.iterator]()
  const cancelled: unknown[] = []
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulls++
        const { done, value } = iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel(reason) {
        cancelled.push(reason)
      },
    },
    { highWaterMark: 0 },
  )
  const seen = Object.assign(body, { cancelled, pulls: 0 })
  return seen
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const points = [0, ...at.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return points.slice(1).map((end, index) => bytes.subarray(points[index], end))
}

async function collect(lines: AsyncIterable<unknown>): Promise<{ values: unknown[]; error?: unknown }> {
  const values: unknown[] = []
  try {
    for await (const value of lines) values.push(value)
    return { values }
  } catch (error) {
    return { values, error }
  }
}

/** The plain way: all at once, as text. */
function oracle(bytes: Uint8Array): unknown[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.filter((line) => /[^ \t\r]/.test(line)).map((line) => JSON.parse(line))
}

const sample = encoder.encode(
  '\ufeff{"a":"héllo 😀"}\r\n\n  \t\r\n[1,\t2]\n"\\u00e9\u2028\u0085"\nnull \r\n-0\n{"last":"€"}',
)

describe('the lines of a body', () => {
  test('are the same wherever the bytes are cut', async () => {
    const expected = oracle(sample)
    expect(expected).toHaveLength(6)
    for (let at = 0; at <= sample.length; at++) {
      expect(await collect(parseNDJSON(bodyOf(cut(sample, [at]))))).toEqual({ values: expected })
    }
    expect(await collect(parseNDJSON(bodyOf(cut(sample, [...sample.keys()]))))).toEqual({ values: expected })
  })

  test('are what splitting the whole text gives, for any values, line ends and cuts', async () => {
    const line = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
      fc.constantFrom('', ' ', '\t', '\r'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))),
        line,
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (lines, last, mark, at) => {
          const bytes = encoder.encode((mark ? '\ufeff' : '') + lines.flat().join('') + last)
          expect(await collect(parseNDJSON(bodyOf(cut(bytes, at))))).toEqual({ values: oracle(bytes) })
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of an empty body are none', async () => {
    expect(await collect(parseNDJSON(bodyOf([])))).toEqual({ values: [] })
    expect(await collect(parseNDJSON(bodyOf([encoder.encode('\ufeff\r\n'), new Uint8Array(0)])))).toEqual({
      values: [],
    })
  })

  test('with bytes that are not UTF-8 hold U+FFFD in their place', async () => {
    const bytes = Uint8Array.of(34, 0xe2, 0x82, 34, 10, 34, 0xff, 34)
    for (let at = 0; at <= bytes.length; at++) {
      expect(await collect(parseNDJSON(bodyOf(cut(bytes, [at]))))).toEqual({ values: ['\ufffd', '\ufffd'] })
    }
  })

  test('keep __proto__ as data', async () => {
    const { values } = await collect(parseNDJSON(bodyOf([encoder.encode('{"__proto__":{"admin":true}}')])))
    expect(Object.keys(values[0] as object)).toEqual(['__proto__'])
  })
})

describe('a line that is not JSON', () => {
  test('is an error with its number and beginning, after all lines before it', async () => {
    const bytes = encoder.encode('1\n\n{"a":2}\r\n{"broken": \n4\n')
    for (let at = 0; at <= bytes.length; at++) {
      const { values, error } = await collect(parseNDJSON(bodyOf(cut(bytes, [at]))))
      expect(values).toEqual([1, { a: 2 }])
      expect(error).toBeInstanceOf(StreamParseError)
      expect((error as Error).message).toBe(String.raw`Line 4 is not JSON: "{\"broken\": "`)
    }
  })

  test('is quoted only in part when it is long', async () => {
    const body = bodyOf([encoder.encode('x'.repeat(100_000))])
    const { error } = await collect(parseNDJSON(body))
    expect((error as Error).message).toHaveLength('Line 1 is not JSON: '.length + 202)
  })

  test('shows no key of the API, in what it was made from either', async () => {
    const body = bodyOf([encoder.encode('sk-ant-api03-secret is wrong')])
    const { error } = await collect(parseNDJSON(body))
    expect(error).toMatchObject({ message: 'Line 1 is not JSON: "sk-ant-… is wrong"' })
    expect((error as Error).cause).toBeUndefined()
  })

  test('may be the last one, cut short by the end of the body', async () => {
    const { values, error } = await collect(parseNDJSON(bodyOf([encoder.encode('1\n{"a":')])))
    expect(values).toEqual([1])
    expect(error).toMatchObject({ code: 'stream_parse', message: String.raw`Line 2 is not JSON: "{\"a\":"` })
  })

  test('is one that begins with a byte order mark further down the body', async () => {
    const { values, error } = await collect(parseNDJSON(bodyOf([encoder.encode('\ufeff1\n\ufeff2\n')])))
    expect(values).toEqual([1])
    expect(error).toBeInstanceOf(StreamParseError)
  })
})

describe('maxLineBytes', () => {
  test('is the longest line taken, however it arrives', async () => {
    const bytes = encoder.encode('"12345678"\n"é2345678"\n3')
    for (const at of [[], [3], [10], [11], [15], [21], [...bytes.keys()]]) {
      expect(await collect(parseNDJSON(bodyOf(cut(bytes, at)), { maxLineBytes: 11 }))).toEqual({
        values: ['12345678', 'é2345678', 3],
      })
      const { values, error } = await collect(parseNDJSON(bodyOf(cut(bytes, at)), { maxLineBytes: 10 }))
      expect(values).toEqual(['12345678'])
      expect(error).toMatchObject({ code: 'stream_parse', message: 'Line 2 is longer than 10 bytes' })
    }
  })

  test('ends a line without end before more than the limit is held', async () => {
    let chunks = 0
    function* endless() {
      while (true) {
        chunks++
        yield new Uint8Array(1000).fill(32)
      }
    }
    const body = bodyOf(endless())
    expect((await collect(parseNDJSON(body, { maxLineBytes: 10_000 }))).error).toBeInstanceOf(StreamParseError)
    expect(chunks).toBe(11)
    expect(body.cancelled).toHaveLength(1)
  })
})

describe('the body', () => {
  const three = () => bodyOf(['1\n2\n', '3\n', '4\n'].map((text) => encoder.encode(text)))

  test('is neither locked nor read before the first value is asked for, and then only as far as needed', async () => {
    const body = three()
    const lines = parseNDJSON(body)
    expect(body.locked).toBe(false)
    expect(body.pulls).toBe(0)
    await lines.next()
    await lines.next()
    expect(body.pulls).toBe(1)
    await lines.next()
    expect(body.pulls).toBe(2)
    await lines.return()
  })

  test('is cancelled and released when the loop is left', async () => {
    const body = three()
    for await (const value of parseNDJSON(body)) if (value === 2) break
    expect(body.cancelled).toEqual([undefined])
    expect(body.locked).toBe(false)
    expect(body.pulls).toBe(1)
  })

  test('is cancelled and released when the loop throws', async () => {
    const body = three()
    const run = async () => {
      for await (const _ of parseNDJSON(body)) throw new Error('in the loop')
    }
    await expect(run()).rejects.toThrow('in the loop')
    expect(body.cancelled).toHaveLength(1)
    expect(body.locked).toBe(false)
  })

  test('is cancelled and released on return() and throw() of the generator', async () => {
    for (const leave of [
      (g: AsyncGenerator) => g.return(undefined),
      (g: AsyncGenerator) => g.throw(new Error('left')).catch(() => {}),
    ]) {
      const body = three()
      const lines = parseNDJSON(body)
      await lines.next()
      await leave(lines)
      expect(body.cancelled).toHaveLength(1)
      expect(body.locked).toBe(false)
    }
  })

  test('is cancelled and released after a broken line', async () => {
    const body = bodyOf(['1\nx\n', '3\n'].map((text) => encoder.encode(text)))
    const { error } = await collect(parseNDJSON(body))
    expect(error).toBeInstanceOf(StreamParseError)
    expect(body.cancelled).toEqual([error])
    expect(body.locked).toBe(false)
  })

  test('is released at its end', async () => {
    const body = three()
    expect((await collect(parseNDJSON(body))).values).toEqual([1, 2, 3, 4])
    expect(body.locked).toBe(false)
  })

  test('that fails gives its whole lines first, and then its own error', async () => {
    const failure = new TypeError('terminated')
    function* failing() {
      yield encoder.encode('1\n{"a":')
      throw failure
    }
    const body = bodyOf(failing())
    const { values, error } = await collect(parseNDJSON(body))
    expect(values).toEqual([1])
    expect(error).toBe(failure)
    expect(body.locked).toBe(false)
  })

  test('whose cancelling fails does not hide why the reading ended', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode('x\n')),
      cancel: () => Promise.reject(new Error('cancel failed')),
    })
    expect((await collect(parseNDJSON(body))).error).toBeInstanceOf(StreamParseError)
  })
})

describe('a signal', () => {
  test('ends a pending read, with its reason as the cause', async () => {
    const controller = new AbortController()
    const body = new ReadableStream<Uint8Array>()
    const result = collect(parseNDJSON(body, { signal: controller.signal }))
    const reason = new Error('enough')
    controller.abort(reason)
    const { error } = await result
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect((error as Error).cause).toBe(reason)
    expect(body.locked).toBe(false)
  })

  test('ends the reading between two lines of one chunk', async () => {
    const controller = new AbortController()
    const body = bodyOf([encoder.encode('1\n2\n3\n')])
    const lines = parseNDJSON(body, { signal: controller.signal })
    expect(await lines.next()).toEqual({ done: false, value: 1 })
    controller.abort()
    await expect(lines.next()).rejects.toThrow(RequestAbortedError)
    expect(body.cancelled).toEqual([controller.signal.reason])
    expect(await lines.next()).toEqual({ done: true, value: undefined })
  })

  test('that is aborted already cancels the body unread', async () => {
    const body = bodyOf([encoder.encode('1\n')])
    const { values, error } = await collect(parseNDJSON(body, { signal: AbortSignal.abort() }))
    expect(values).toEqual([])
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(body).toMatchObject({ pulls: 0, locked: false })
    expect(body.cancelled).toHaveLength(1)
  })

  test('has no listener left afterwards', async () => {
    const listeners = new Set<unknown>()
    class Watched extends AbortController {
      override readonly signal = Object.assign(super.signal, {
        addEventListener: (_: string, listener: unknown) => listeners.add(listener),
        removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
      })
    }
    const lines = parseNDJSON(bodyOf([encoder.encode('1\n2\n')]), { signal: new Watched().signal })
    await lines.next()
    expect(listeners.size).toBe(1)
    await lines.return()
    expect(listeners.size).toBe(0)
  })
})

test('a line of 8 MB in small chunks is copied a bounded number of times', async () => {
  const size = 8 * 1024 * 1024
  const bytes = new Uint8Array(size).fill(97)
  bytes[0] = bytes[size - 1] = 34
  let copied = 0
  const original = Uint8Array.prototype.set
  Uint8Array.prototype.set = function (source, offset) {
    copied += source.length
    return original.call(this, source, offset)
  }
  try {
    const chunks = Array.from({ length: size / 1024 }, (_, i) => bytes.subarray(i * 1024, (i + 1) * 1024))
    const { values } = await collect(parseNDJSON(bodyOf(chunks)))
    expect(values).toHaveLength(1)
    expect((values[0] as string).length).toBe(size - 2)
  } finally {
    Uint8Array.prototype.set = original
  }
  expect(copied).toBeGreaterThanOrEqual(size)
  expect(copied).toBeLessThanOrEqual(3 * size)
})

test('lines that are not JSON go to whoever takes them, and the others are yielded', async () => {
  const unparsed: string[] = []
  const body = bodyOf([encoder.encode('starting…\n1\n{"cut":\n\n2\n{"ha')])
  const { values } = await collect(parseNDJSON(body, { onUnparsed: (line) => unparsed.push(line) }))
  expect(values).toEqual([1, 2])
  expect(unparsed).toEqual(['starting…', '{"cut":', '{"ha'])
})
