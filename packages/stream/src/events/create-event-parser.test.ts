import { APIError, type StreamEvent, StreamParseError } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, createRandom, cutAt, pick, randomCuts } from '../../test/random.ts'
import { createSSEParser } from '../sse/create-sse-parser.ts'
import { createEventParser } from './create-event-parser.ts'
import { decodeEvent } from './decode-event.ts'

const encoder = new TextEncoder()

type Outcome = { events: StreamEvent[]; error?: string }

function collect(
  chunks: readonly Uint8Array[],
  run: (onEvent: (event: StreamEvent) => void) => (chunk: Uint8Array) => void,
): Outcome {
  const events: StreamEvent[] = []
  const push = run((event) => events.push(event))
  try {
    for (const chunk of chunks) push(chunk.slice())
    return { events }
  } catch (error) {
    return { events, error: String(error) }
  }
}

const fast = (chunks: readonly Uint8Array[], maxFrameBytes?: number) =>
  collect(chunks, (onEvent) => createEventParser({ onEvent, maxFrameBytes }).push)

/** Every frame by the event stream parser, every event by `JSON.parse`. */
const slow = (chunks: readonly Uint8Array[], maxFrameBytes?: number) =>
  collect(chunks, (onEvent) => {
    const onFrame = (frame: Parameters<typeof decodeEvent>[0]) => {
      const event = decodeEvent(frame)
      if (event) onEvent(event)
    }
    return createSSEParser({ onFrame, maxFrameBytes }).push
  })

const frame = (type: string, data: string, end = '\n') => `event: ${type}${end}data: ${data}${end}${end}`
const delta = (index: number | string, type: string, key: string, json: string, padding = '') =>
  frame(
    'content_block_delta',
    `{"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${key}":${json}}${padding}}`,
  )
const text = (value: string, padding?: string) => delta(0, 'text_delta', 'text', JSON.stringify(value), padding)

describe('the events', () => {
  it('are what the frames hold, whichever way their lines end', () => {
    const bytes = encoder.encode(
      frame('ping', '{"type":"ping"}') +
        text('a') +
        frame('ping', '{"type":"ping"}', '\r\n') +
        text('b', '   ') +
        text('ü😀'),
    )
    expect(fast([bytes]).events).toEqual([
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'b' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ü😀' } },
    ])
  })

  it('come as soon as their blank line has', () => {
    const seen: StreamEvent[] = []
    const parser = createEventParser({ onEvent: (event) => seen.push(event) })
    const one = encoder.encode(text('a'))
    for (let n = 1; n <= 20; n++) {
      for (const chunk of cutAt(one, n % 2 ? [n] : [])) parser.push(chunk)
      expect(seen).toHaveLength(n)
    }
  })

  it('come as soon as their blank line has, also where it is made of CR, and others before were not', () => {
    const seen: StreamEvent[] = []
    const parser = createEventParser({ onEvent: (event) => seen.push(event) })
    parser.push(encoder.encode(text('a') + text('b')))
    parser.push(encoder.encode(frame('ping', '{"type":"ping"}', '\r')))
    expect(seen).toHaveLength(3)
  })

  it('do not keep the memory of the chunk they came in', () => {
    const chunk = encoder.encode(text('first') + text('a') + text('bc'))
    const { events } = fast([chunk])
    chunk.fill(33)
    expect(events.map((event) => 'delta' in event && 'text' in event.delta && event.delta.text)).toEqual([
      'first',
      'a',
      'bc',
    ])
  })

  it('end at the error that one of them stands for, after all that came before', () => {
    const error = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    const { events, error: message } = fast([
      encoder.encode(text('x') + text('a') + text('b') + frame('error', error) + text('c')),
    ])
    expect(events).toHaveLength(3)
    expect(message).toContain('Overloaded')
  })
})

describe('the parser', () => {
  const chunk = encoder.encode(text('x') + text('y') + text('z'))

  it('takes no more once onEvent has thrown, whichever event it was', () => {
    for (const last of [1, 2, 3]) {
      let seen = 0
      const parser = createEventParser({
        onEvent() {
          if (++seen === last) throw new Error('mine')
        },
      })
      expect(() => parser.push(chunk)).toThrow('mine')
      expect(() => parser.push(chunk)).toThrow(StreamParseError)
      expect(seen).toBe(last)
    }
  })

  it('takes no more after end()', () => {
    let seen = 0
    const parser = createEventParser({ onEvent: () => seen++ })
    parser.push(chunk)
    parser.end()
    expect(() => parser.push(chunk)).toThrow(StreamParseError)
    expect(seen).toBe(3)
  })

  it('may not be pushed to from onEvent, but another may', () => {
    const errors: unknown[] = []
    const others: StreamEvent[] = []
    const other = createEventParser({ onEvent: (event) => others.push(event) })
    const parser = createEventParser({
      onEvent() {
        other.push(chunk)
        try {
          parser.push(chunk)
        } catch (error) {
          errors.push(error)
        }
      },
    })
    parser.push(chunk)
    expect(errors).toEqual([expect.any(StreamParseError), expect.any(StreamParseError), expect.any(StreamParseError)])
    expect(others).toHaveLength(9)
  })

  it('holds frames to maxFrameBytes', () => {
    const small = createEventParser({ onEvent() {}, maxFrameBytes: 100 })
    expect(() => small.push(chunk)).toThrow(StreamParseError)
    const parser = createEventParser({ onEvent() {}, maxFrameBytes: 5_000 })
    parser.push(encoder.encode(text('x') + text('y'.repeat(4_000))))
    expect(() => parser.push(encoder.encode(text('y'.repeat(5_000))))).toThrow(StreamParseError)
  })
})

const jsonText = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ maxLength: 4 }),
    fc.constantFrom('', '\n', '"', '\\'),
    // More than is held back of a frame, and more than is decoded at once.
    fc.constantFrom('x'.repeat(480), 'é'.repeat(300), 'y'.repeat(5_000), '€"'.repeat(2_000)),
  )
  .map((value) => JSON.stringify(value))
const anyDelta = fc
  .record({
    index: fc.oneof(fc.nat(300), fc.constantFrom<string | number>('-0', '01', '1e2', '4294967296', '0.5')),
    kind: fc.constantFrom(
      ['text_delta', 'text'],
      ['input_json_delta', 'partial_json'],
      ['thinking_delta', 'thinking'],
      ['text_delta', 'thinking'],
      ['signature_delta', 'signature'],
    ),
    json: jsonText,
    padding: fc.constantFrom('', ' ', '        ', '\t'),
  })
  .map(({ index, kind: [type, key], json, padding }) => delta(index, type!, key!, json, padding))

describe('whatever arrives', () => {
  it('is decoded as JSON.parse would, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(anyDelta, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 5 }), (frames, places) => {
        const chunks = cutAt(encoder.encode(text('first') + frames.join('')), places)
        expect(fast(chunks)).toEqual(slow(chunks))
      }),
      { numRuns: 1_000 },
    )
  })

  const junk = [
    '"',
    '\\',
    '}',
    '{',
    ',',
    ' ',
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '\0',
    '\\u12',
    '\\ud83d',
    '\\x',
    '"x":"y"',
    '","text":"',
    '"}}',
  ]
    .concat([
      '"__proto__":{},',
      'data: ',
      'event: error\n',
      ': ',
      '\ufeff',
      '\u2028',
      '\x7f',
      'é',
      'null',
      '[DONE]',
      ':"a","b"',
    ])
    .map((piece) => encoder.encode(piece))
    .concat([0x80, 0xc3, 0xff, 0xe2, 0xed].map((byte) => Uint8Array.of(byte)))
  const words = ['', 'a', ' word', 'naïve', '😀', '"quoted"', '\\', '\n', 'x'.repeat(30), '{"a":', '\u0000', '\ud800']
  const kinds = [
    ['text_delta', 'text'],
    ['input_json_delta', 'partial_json'],
    ['thinking_delta', 'thinking'],
  ] as const

  function hostileStream(random: () => number): Uint8Array {
    const frames = Array.from({ length: 1 + Math.floor(random() * 10) }, () => {
      if (random() < 0.15) return frame('ping', '{"type": "ping"}')
      const [type, key] = pick(random, kinds)
      return delta(Math.floor(random() * 20), type, key, JSON.stringify(pick(random, words)), ' '.repeat(random() * 4))
    })
    let bytes: Uint8Array = encoder.encode(frames.join(''))
    for (let n = Math.floor(random() * 3); n > 0; n--) {
      const at = Math.floor(random() * bytes.length)
      bytes = concat([bytes.subarray(0, at), pick(random, junk), bytes.subarray(at + Math.floor(random() * 5))])
    }
    return bytes
  }

  it('is held to maxFrameBytes as the parser of bytes holds it, wherever it is cut', { timeout: 60_000 }, () => {
    let tooLarge = 0
    for (let seed = 0; seed < 4_000; seed++) {
      const random = createRandom(seed)
      // With its last frame ended: of one that is not, the parser of bytes does not count what it need not keep.
      const bytes = hostileStream(random)
      // Who counts characters counts a broken byte as the three of what stands for it.
      if (new TextDecoder().decode(bytes).includes('\ufffd')) continue
      const chunks = [...randomCuts(random, bytes), encoder.encode('\n\n')]
      const maxFrameBytes = 20 + Math.floor(random() * 200)
      const ours = fast(chunks, maxFrameBytes)
      const plain = slow(chunks, maxFrameBytes)
      tooLarge += Number(plain.error?.includes('is over') ?? false)
      if (JSON.stringify(ours) !== JSON.stringify(plain)) expect(ours, `seed ${seed}`).toEqual(plain)
    }
    expect(tooLarge).toBeGreaterThan(1_000)
    expect(tooLarge).toBeLessThan(3_900)
  })

  // ENJAMB_FUZZ_STREAMS=100000 for as many.
  const count = Number(process.env.ENJAMB_FUZZ_STREAMS ?? 20_000)
  it(`gives the events and the error that JSON.parse gives, ${count} hostile times`, { timeout: 300_000 }, () => {
    let failed = 0
    for (let seed = 0; seed < count; seed++) {
      const random = createRandom(seed)
      const chunks = randomCuts(random, hostileStream(random))
      const ours = fast(chunks)
      const plain = slow(chunks)
      failed += Number(plain.error !== undefined)
      if (JSON.stringify(ours) !== JSON.stringify(plain)) expect(ours, `seed ${seed}`).toEqual(plain)
    }
    expect(failed).toBeGreaterThan(count / 10)
    expect(failed).toBeLessThan(count * 0.9)
  })
})

describe('an error event', () => {
  it('is thrown with the class of the same error over HTTP', () => {
    const data = encoder.encode(
      '{"type":"error","error":{"type":"overloaded_error","message":"x"},"request_id":"req_1"}',
    )
    expect(() => decodeEvent({ event: 'message', data })).toThrow(
      expect.objectContaining({ status: 529, type: 'overloaded_error', requestId: 'req_1' }),
    )
  })

  it('is an error of the API also where its data is not JSON, or has no type', () => {
    for (const data of ['upstream died', '', '{"message":"x"}', 'null']) {
      expect(() => decodeEvent({ event: 'error', data: encoder.encode(data) })).toThrow(APIError)
    }
  })
})

describe('data that is no event', () => {
  const decode = (data: string) => decodeEvent({ event: 'message', data: encoder.encode(data) })

  it('is passed over where it says nothing', () => {
    expect([decode(''), decode('[DONE]'), decode(' [DONE] '), decode(' ')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is passed over where it is a sign of life of something in between', () => {
    for (const [event, data] of [
      ['ping', '{}'],
      ['message', 'keep-alive'],
      ['done', '{}'],
      ['message', '{}'],
      ['message', 'null'],
      ['message', '"ping"'],
      ['message', '[]'],
      ['heartbeat', '17'],
    ] as const) {
      expect(decodeEvent({ event, data: encoder.encode(data) })).toBeUndefined()
    }
  })

  it('is the error that a gateway gives it as, in whichever form', () => {
    for (const data of [
      '{"error":{"type":"overloaded_error","message":"busy"}}',
      '{"type":"overloaded_error","message":"busy"}',
      '{"type":null,"error":{"type":"overloaded_error","message":"busy"}}',
    ]) {
      expect(() => decode(data)).toThrow(expect.objectContaining({ code: 'overloaded', status: 529 }))
    }
    expect(() => decode('{"error":"upstream is busy"}')).toThrow(expect.objectContaining({ code: 'server' }))
  })

  it('is an error with what it was, cut to an excerpt', () => {
    expect(() => decode('<html>502 Bad Gateway</html>')).toThrow(StreamParseError)
    expect(() => decode('<html>502 Bad Gateway</html>')).toThrow('<html>502 Bad Gateway</html>')
    expect(() => decode(`{${'x'.repeat(10_000)}`)).toThrow(/^.{1,260}$/)
    for (const json of ['null', '{}', '{"type":1}', 'message']) {
      expect(() => decodeEvent({ event: 'message_delta', data: encoder.encode(json) })).toThrow(StreamParseError)
    }
  })

  it('may be of a type that is yet unknown, and comes as it is', () => {
    expect(decode('{"type":"new_event","__proto__":{"a":1}}')).toEqual(
      JSON.parse('{"type":"new_event","__proto__":{"a":1}}'),
    )
  })
})
