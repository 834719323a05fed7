import { StreamParseError } from '@enjamb/core'
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, createRandom, cutAt, randomCuts, randomStream } from '../../test/random.ts'
import { type ReferenceFrame, referenceFrames } from '../../test/reference-sse.ts'
import { createSSEParser, type SSEParserOptions } from './create-sse-parser.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const bytesOf = (text: string) => encoder.encode(text)

/** Overwrites each chunk once it is pushed: a parser that keeps a view on one would show it. */
function parse(chunks: readonly Uint8Array[], options: Omit<SSEParserOptions, 'onFrame'> = {}): ReferenceFrame[] {
  const frames: ReferenceFrame[] = []
  const parser = createSSEParser({
    ...options,
    onFrame: ({ data, ...frame }) => frames.push({ ...frame, data: decoder.decode(data) }),
  })
  for (const chunk of chunks) {
    parser.push(chunk)
    chunk.fill(33)
  }
  parser.end()
  return frames
}

const dataOf = (text: string) => parse([bytesOf(text)]).map(({ data }) => data)

describe('a frame', () => {
  it('has the fields that the stream gave it', () => {
    expect(parse([bytesOf('event: add\nid: 7\nretry: 1500\ndata: one\ndata: two\n\n')])).toEqual([
      { event: 'add', data: 'one\ntwo', id: '7', retry: 1500 },
    ])
  })

  it('is of type message where no event field names another', () => {
    expect(parse([bytesOf('data: x\n\nevent:\ndata: y\n\n')]).map(({ event }) => event)).toEqual(['message', 'message'])
  })

  it('does not inherit the type of the one before', () => {
    expect(parse([bytesOf('event: a\ndata: x\n\ndata: y\n\nevent: a\ndata: z\n\n')]).map(({ event }) => event)).toEqual(
      ['a', 'message', 'a'],
    )
  })

  it('carries the last id and the last retry of the stream, also from frames without data', () => {
    expect(parse([bytesOf('id: 1\nretry: 10\n\ndata: a\n\nid\nretry: x\ndata: b\n\n')])).toEqual([
      { event: 'message', data: 'a', id: '1', retry: 10 },
      { event: 'message', data: 'b', id: '', retry: 10 },
    ])
  })

  it('ignores an id with NUL, and a retry that is not digits alone', () => {
    expect(parse([bytesOf('id: 1\nid: 2\0\nretry: 5\nretry: 1.5\nretry: -1\nretry:\nretry: 6 \ndata\n\n')])).toEqual([
      { event: 'message', data: '', id: '1', retry: 5 },
    ])
  })

  it('loses one space after the colon and no more', () => {
    expect(dataOf('data:a\ndata: b\ndata:  c\ndata:\ndata: \ndata\n\n')).toEqual(['a\nb\n c\n\n\n'])
  })

  it('without data is not dispatched; with an empty data field it is', () => {
    expect(dataOf('event: x\n\ndata\n\ndata\ndata\n\n: note\n\n')).toEqual(['', '\n'])
  })

  it('that no blank line has ended is dropped', () => {
    expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a'])
    expect(dataOf('data: a\n\ndata: b\n\r')).toEqual(['a', 'b'])
  })

  it('knows no field but its own, in its own spelling', () => {
    expect(dataOf('Data: a\ndata : b\n data: c\ndatas: d\ndat: e\n:data: f\ndata: g\n\n')).toEqual(['g'])
  })
})

describe('the stream', () => {
  it('may begin with one byte order mark, and a second is part of a field name', () => {
    expect(dataOf('\ufeffdata: a\n\n')).toEqual(['a'])
    expect(dataOf('\ufeff\ufeffdata: a\n\ndata: b\n\n')).toEqual(['b'])
    expect(dataOf('\n\ufeffdata: a\n\ndata: \ufeffb\n\n')).toEqual(['\ufeffb'])
  })

  it('may end its lines in any of three ways', () => {
    expect(dataOf('data: a\r\ndata: b\rdata: c\ndata: d\n\r\ndata: e\r\r\ndata: f\r\n\n')).toEqual([
      'a\nb\nc\nd',
      'e',
      'f',
    ])
  })

  it('gives the same frames wherever it is cut', () => {
    const bytes = bytesOf(
      '\ufeff: hi\r\nevent: ä\r\nid: 1\r\ndata: {"a":"é😀"}\r\n\r\ndata: x\rdata: y\r\rretry: 12\ndata: z\ndata\n\ndata: \ufeff\n\n',
    )
    const expected = referenceFrames(bytes)
    expect(expected).toHaveLength(4)
    for (let one = 0; one <= bytes.length; one++) {
      expect(parse(cutAt(bytes, [one]))).toEqual(expected)
      for (let two = one; two <= bytes.length; two += 7) expect(parse(cutAt(bytes, [one, two]))).toEqual(expected)
    }
    expect(parse(cutAt(bytes, [...bytes.keys()]))).toEqual(expected)
  })
})

/** Ids are left out; the retry that counts is the last one, as a reader of both would have it. */
function theirs(chunks: readonly Uint8Array[]): Omit<ReferenceFrame, 'id'>[] {
  const frames: Omit<ReferenceFrame, 'id'>[] = []
  const text = new TextDecoder()
  let last: number | undefined
  const parser = createParser({
    onEvent: ({ event = 'message', data }) => frames.push({ event, data, retry: last }),
    onRetry: (retry) => {
      last = retry
    },
  })
  for (const chunk of chunks) parser.feed(text.decode(chunk, { stream: true }))
  parser.feed(text.decode())
  return frames
}

/** Where `eventsource-parser` does otherwise, and what of the HTML standard decides it. Of all else nothing may differ. */
describe('unlike eventsource-parser', () => {
  it('an id holds for the events after it, too: 9.2.6, which resets the data and the type of an event alone', () => {
    const bytes = bytesOf('id: 1\ndata: a\n\ndata: b\n\n')
    const ids: unknown[] = []
    createParser({ onEvent: ({ id }) => ids.push(id) }).feed(decoder.decode(bytes))
    expect(ids).toEqual(['1', undefined])
    expect(parse([bytes.slice()]).map(({ id }) => id)).toEqual(['1', '1'])
    expect(referenceFrames(bytes).map(({ id }) => id)).toEqual(['1', '1'])
  })

  it('a CR ends its line also where nothing follows it yet: 9.2.5, end-of-line', () => {
    const bytes = bytesOf('data: a\r\r')
    expect(theirs([bytes])).toEqual([])
    expect(parse([bytes.slice()])).toEqual(referenceFrames(bytes))
    expect(referenceFrames(bytes)).toHaveLength(1)
  })

  it('the letters ï»¿ are no byte order mark: 9.2.5, bom = U+FEFF', () => {
    const bytes = bytesOf('ï»¿data: a\n\n')
    expect(theirs([bytes])).toHaveLength(1)
    expect(parse([bytes.slice()])).toEqual([])
    expect(referenceFrames(bytes)).toEqual([])
  })
})

describe('any bytes, cut anywhere', () => {
  it('give the frames that the standard gives', () => {
    const stream = fc.nat().map((seed) => randomStream(createRandom(seed)))
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 6 }), (bytes, places) => {
        expect(parse(cutAt(bytes, places))).toEqual(referenceFrames(bytes))
      }),
      { numRuns: 1_000 },
    )
  })

  const count = Number(process.env.ENJAMB_FUZZ_STREAMS ?? 100_000)
  it(`give the frames that eventsource-parser gives, ${count} times`, { timeout: 120_000 }, () => {
    // A comment behind each stream: a CR at the very end of all is one of the differences above.
    const end = bytesOf(':\n')
    let dispatched = 0
    for (let seed = 0; seed < count; seed++) {
      const random = createRandom(seed)
      const bytes = concat([randomStream(random), end])
      const chunks = randomCuts(random, bytes)
      const expected = theirs(chunks)
      const ours = parse(chunks)
      dispatched += ours.length
      const same = ours.map(({ event, data, retry }) => ({ event, data, retry }))
      if (JSON.stringify(same) !== JSON.stringify(expected)) {
        expect(same, `seed ${seed}: ${JSON.stringify(decoder.decode(bytes))}`).toEqual(expected)
      }
      const reference = referenceFrames(bytes)
      if (JSON.stringify(ours) !== JSON.stringify(reference)) expect(ours, `seed ${seed}`).toEqual(reference)
    }
    // Bytes that are never a frame would prove nothing.
    expect(dispatched).toBeGreaterThan(count / 4)
  })
})

describe('copying', () => {
  const frame = bytesOf('event: content_block_delta\ndata: {"type":"ping"}\n\n')

  it('is not needed for a frame that lies in one chunk, whose data is a view on it', () => {
    const chunk = concat([frame, frame])
    let views = 0
    const parser = createSSEParser({ onFrame: ({ data }) => (views += Number(data.buffer === chunk.buffer)) })
    parser.push(chunk)
    parser.push(chunk)
    expect(views).toBe(4)
    expect(parser.copiedBytes).toBe(0)
  })

  it('leaves out the frames that no cut has met', () => {
    const parser = createSSEParser({ onFrame() {} })
    for (const chunk of cutAt(concat(Array(100).fill(frame)), [frame.length * 50 + 30])) parser.push(chunk)
    expect(parser.copiedBytes).toBeGreaterThan(0)
    expect(parser.copiedBytes).toBeLessThan(2 * frame.length)
  })

  it.each([1, 7, 1024, 16_384])('is linear for one huge frame in chunks of %i bytes', (chunkBytes) => {
    const size = chunkBytes * 2_000
    let length = 0
    const parser = createSSEParser({ onFrame: ({ data }) => (length = data.length) })
    parser.push(bytesOf('data: '))
    const chunk = new Uint8Array(chunkBytes).fill(97)
    for (let n = 0; n < 2_000; n++) parser.push(chunk)
    parser.push(bytesOf('\n'))
    parser.push(bytesOf('\n'))
    expect(length).toBe(size)
    expect(parser.copiedBytes).toBeLessThanOrEqual(3 * size + 100)
    // Every byte once, and at least half of them again when the buffer grew for the last time.
    expect(parser.copiedBytes).toBeGreaterThanOrEqual(1.5 * size)
  })

  it('is linear for a frame of many lines', () => {
    const lines = 20_000
    let length = 0
    const parser = createSSEParser({ onFrame: ({ data }) => (length = data.length) })
    const bytes = bytesOf(`${'data: 0123456789\n'.repeat(lines)}\n`)
    for (let at = 0; at < bytes.length; at += 1_000) parser.push(bytes.slice(at, at + 1_000))
    expect(length).toBe(lines * 11 - 1)
    expect(parser.copiedBytes).toBeLessThanOrEqual(3 * bytes.length)
  })
})

describe('a frame larger than maxFrameBytes', () => {
  const text = 'event: e\ndata: 0123456789\ndata: 0123456789\n\n'
  const size = text.length - 4

  it('ends the parser with a typed error, wherever it is cut; one of just that size does not', () => {
    const bytes = bytesOf(`data: a\n\n${text}`)
    for (let at = 0; at <= bytes.length; at++) {
      expect(parse(cutAt(bytes, [at]), { maxFrameBytes: size })).toHaveLength(2)
      const seen: string[] = []
      const parser = createSSEParser({
        onFrame: ({ data }) => seen.push(decoder.decode(data)),
        maxFrameBytes: size - 1,
      })
      expect(() => {
        for (const chunk of cutAt(bytes, [at])) parser.push(chunk)
      }).toThrow(StreamParseError)
      expect(seen).toEqual(['a'])
      expect(() => parser.push(bytesOf('data: b\n\n'))).toThrow(StreamParseError)
    }
  })

  it('is noticed before it is complete, and never buffered beyond the limit', () => {
    const parser = createSSEParser({ onFrame() {}, maxFrameBytes: 1_000 })
    const chunk = new Uint8Array(100).fill(97)
    expect(() => {
      for (let n = 0; n < 100; n++) parser.push(chunk)
    }).toThrow('A frame is over 1000 bytes')
    expect(parser.copiedBytes).toBeLessThanOrEqual(3_100)
  })

  it('is what the buffer never grows beyond', () => {
    let room = 0
    const parser = createSSEParser({ onFrame: ({ data }) => (room = data.buffer.byteLength), maxFrameBytes: 1_000 })
    for (const chunk of cutAt(bytesOf(`data: ${'a'.repeat(990)}\n\n`), [300, 600, 900])) parser.push(chunk)
    expect(room).toBeGreaterThanOrEqual(990)
    expect(room).toBeLessThanOrEqual(1_000)
  })

  it('is not made by comments that keep a stream alive, each with its blank line', () => {
    const frames = parse([bytesOf(`${': keep-alive\n\n'.repeat(1_000)}data: a\n\n`)], { maxFrameBytes: 20 })
    expect(frames.map(({ data }) => data)).toEqual(['a'])
  })
})

describe('what onFrame does', () => {
  it('if it throws, comes out of push, and the parser takes no more', () => {
    const failure = new Error('mine')
    const seen: string[] = []
    const parser = createSSEParser({
      onFrame: ({ data }) => {
        seen.push(decoder.decode(data))
        throw failure
      },
    })
    expect(() => parser.push(bytesOf('data: a\n\ndata: b\n\n'))).toThrow(failure)
    expect(() => parser.push(bytesOf('data: c\n\n'))).toThrow(StreamParseError)
    expect(seen).toEqual(['a'])
  })

  it('may not be to push more', () => {
    let inner: unknown
    const parser = createSSEParser({
      onFrame: () => {
        try {
          parser.push(bytesOf('data: inner\n\n'))
        } catch (error) {
          inner = error
        }
      },
    })
    parser.push(bytesOf('data: a\n\n'))
    expect(inner).toBeInstanceOf(StreamParseError)
    parser.push(bytesOf('data: b\n\n'))
  })

  it('is over after end()', () => {
    const parser = createSSEParser({ onFrame() {} })
    parser.end()
    expect(() => parser.push(bytesOf('data: a\n\n'))).toThrow(StreamParseError)
    expect(() => parser.end()).not.toThrow()
  })
})
