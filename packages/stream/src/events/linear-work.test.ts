import { afterEach, describe, expect, it, vi } from 'vitest'
import { createEventParser } from './create-event-parser.ts'

const encoder = new TextEncoder()
const frame = (data: string, end = '\n') => `event: content_block_delta${end}data: ${data}${end}${end}`
const delta = (piece: string, padding = '', index: number | string = 0) =>
  `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":"${piece}"}${padding}}`
const learned = frame(delta('a')) + frame(delta('b'))
const ping = frame('{"type":"ping"}')

/** Streams that grow with `n`, and ask a careless parser to look at the same things again and again. */
const hostile: Record<string, (n: number) => string> = {
  'deltas, each behind another beginning': (n) =>
    Array.from({ length: n }, (_, i) => frame(delta('a', '', i))).join(''),
  'deltas whose beginnings take turns': (n) => (frame(delta('a')) + frame(delta('b', '', 1))).repeat(n),
  'deltas in pairs, each pair of a form of its own': (n) =>
    Array.from({ length: n }, (_, i) => frame(delta('a', '', i)).repeat(2)).join(''),
  'deltas, each with another end': (n) =>
    learned + Array.from({ length: n }, (_, i) => frame(delta('a', ' '.repeat(i % 50)))).join(''),
  'a known beginning whose string never ends, in frames that are comments to the end': (n) =>
    learned + `: ${delta('a').slice(0, -3)}\n\n`.repeat(n),
  'one piece without end': (n) => learned + frame(delta('x'.repeat(40 * n))),
  'one piece of escapes': (n) => learned + frame(delta('\\u0041\\"'.repeat(5 * n))),
  'pieces that end in every quote but the last': (n) => learned + frame(delta('\\"}}'.repeat(10 * n))),
  'line ends alone': (n) => '\n'.repeat(40 * n),
  'carriage returns, each with something behind it': (n) => '\rx'.repeat(20 * n),
  'a frame of many lines': (n) => `${'data:\n'.repeat(8 * n)}\n`,
  'a frame of many comments': (n) => `${':\n'.repeat(20 * n)}\n`,
  'a frame that never ends': (n) => learned + 'data: '.repeat(10 * n),
  'signs of life': (n) => ping.repeat(n),
  'beginnings that are very long': (n) => frame(`${' '.repeat(2_000)}${delta('a')}`).repeat(Math.ceil(n / 20)),
}

/**
 * How many characters the parser has the platform look at: what is decoded, split, parsed, and passed by an expression.
 * An expression that has to match where it stands, and does not, has seen no more than a line.
 */
function workOf(text: string, chunkBytes: number): number {
  const bytes = encoder.encode(text)
  let work = 0
  const { test } = RegExp.prototype
  const { parse } = JSON
  const { split } = String.prototype
  vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, on: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0
    const found = test.call(this, on)
    if (found) work += this.global || this.sticky ? this.lastIndex - from : on.length
    else if (this.sticky) work += ((on.indexOf('\n', from) + 1 || on.length + 1) - from) * 2
    else work += on.length - from
    return found
  })
  vi.spyOn(JSON, 'parse').mockImplementation((json: string) => {
    work += json.length
    return parse(json)
  })
  vi.spyOn(String.prototype, 'split').mockImplementation(function (this: string, ...all: unknown[]) {
    work += this.length
    return split.apply(this, all as never)
  } as typeof split)
  let events = 0
  const parser = createEventParser({ onEvent: () => events++ })
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    work += chunkBytes
    parser.push(bytes.slice(at, at + chunkBytes))
  }
  vi.restoreAllMocks()
  return work
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each([
  ['at once', 2 ** 30],
  ['in chunks of 1,400 bytes', 1_400],
  ['in chunks of 100 bytes', 100],
])('a stream that comes %s', (_, chunkBytes) => {
  it.each(Object.entries(hostile))('of %s costs twice as much where it is twice as long', (_, make) => {
    const n = 1_000
    const bytes = (size: number) => Math.min(chunkBytes, encoder.encode(make(size)).length)
    const once = workOf(make(n), bytes(n))
    const twice = workOf(make(2 * n), bytes(2 * n))
    expect(once).toBeGreaterThan(0)
    expect(twice / once).toBeLessThan(2.3)
    // A constant that is no cheat: some looks at each character.
    expect(once / make(n).length).toBeLessThan(12)
  })
})
