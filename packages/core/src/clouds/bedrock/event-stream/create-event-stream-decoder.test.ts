import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awsChunk } from '../../../../test/serve-bedrock.ts'
import { StreamParseError } from '../../../errors/connection/stream-parse-error.ts'
import { crc32 } from './crc32.ts'
import { createEventStreamDecoder } from './create-event-stream-decoder.ts'
import { decodeBase64 } from './decode-base64.ts'
import { parseEventHeaders } from './parse-event-headers.ts'

const random = { numRuns: Number(process.env.RUNS ?? 30), ...(!process.env.RUNS && { seed: 1 }) }
const codec = new EventStreamCodec(
  (bytes) => new TextDecoder().decode(bytes as Uint8Array),
  (text) => new TextEncoder().encode(text),
)

/** What a decoder finds in pieces. */
function decodeAll(pieces: Iterable<Uint8Array>, maxMessageBytes?: number) {
  const messages: { headers: Map<string, string>; payload: string }[] = []
  const decoder = createEventStreamDecoder({
    maxMessageBytes,
    onMessage: ({ headers, payload }) =>
      messages.push({ headers: new Map(parseEventHeaders(headers)), payload: Buffer.from(payload).toString('hex') }),
  })
  for (const piece of pieces) decoder.push(piece)
  return { messages, copiedBytes: decoder.copiedBytes }
}

const headerValue = fc.oneof(
  fc.record({ type: fc.constant('string'), value: fc.string({ unit: 'binary', maxLength: 40 }) }),
  fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({ type: fc.constant('byte'), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant('short'), value: fc.integer({ min: -32_768, max: 32_767 }) }),
  fc.record({ type: fc.constant('integer'), value: fc.integer() }),
  fc.record({ type: fc.constant('binary'), value: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    type: fc.constant('timestamp'),
    value: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(2e12) }),
  }),
  fc.record({ type: fc.constant('uuid'), value: fc.uuid() }),
)
const message = fc.record({
  headers: fc.dictionary(fc.stringMatching(/^[:a-z-]{1,20}$/), headerValue, { maxKeys: 5 }),
  body: fc.uint8Array({ maxLength: 300 }),
})

describe('an event stream', () => {
  it("is what AWS's own codec has in it, cut into any pieces, and each byte is copied once at most", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 20 }), (messages, sizes) => {
        const encoded = messages.map((each) => codec.encode(each as never))
        const bytes = Uint8Array.from(encoded.flatMap((each) => [...each]))
        const pieces: Uint8Array[] = []
        let at = 0
        for (const size of sizes) {
          pieces.push(bytes.subarray(at, at + size))
          at += size
        }
        pieces.push(bytes.subarray(at))
        const { messages: found, copiedBytes } = decodeAll(pieces)
        const wanted = encoded.map((each) => {
          const { headers, body } = codec.decode(each)
          const texts = Object.entries(headers).filter(([, { type }]) => type === 'string')
          return {
            headers: new Map(texts.map(([name, { value }]) => [name, value as string])),
            payload: Buffer.from(body).toString('hex'),
          }
        })
        expect(found).toEqual(wanted)
        expect(copiedBytes).toBeLessThanOrEqual(bytes.length)
      }),
      random,
    )
  })

  it('is the same cut at every byte, and whole messages are not copied', () => {
    const bytes = Buffer.concat([awsChunk({ type: 'ping' }), awsChunk({ type: 'message_stop' })])
    const whole = decodeAll([bytes])
    expect(whole).toMatchObject({ messages: [{}, {}], copiedBytes: 0 })
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decodeAll([bytes.subarray(0, cut), bytes.subarray(cut)]).messages).toEqual(whole.messages)
    }
    const single = decodeAll([...bytes].map((byte) => Uint8Array.of(byte)))
    expect(single).toEqual({ messages: whole.messages, copiedBytes: bytes.length })
  })

  it('with any one byte changed is an error, and nothing of that message is passed on', () => {
    const bytes = awsChunk({ type: 'ping' })
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice()
      damaged[at]! ^= 1 << (at % 8)
      let passed = 0
      const decoder = createEventStreamDecoder({ onMessage: () => passed++ })
      expect(() => decoder.push(damaged), `byte ${at}`).toThrow(StreamParseError)
      expect(passed).toBe(0)
    }
  })

  it('with a length that cannot be is an error before anything is waited for', () => {
    const prelude = (length: number, headers: number) => {
      const bytes = new Uint8Array(12)
      const view = new DataView(bytes.buffer)
      view.setUint32(0, length)
      view.setUint32(4, headers)
      view.setUint32(8, crc32(bytes.subarray(0, 8)))
      return bytes
    }
    for (const [length, headers] of [
      [0, 0],
      [15, 0],
      [16, 1],
      [100, 85],
      [20, 2 ** 32 - 1],
    ] as const) {
      expect(() => decodeAll([prelude(length, headers)])).toThrow('cannot hold its headers')
    }
    expect(() => decodeAll([prelude(2 ** 32 - 1, 0)])).toThrow('beyond the limit of 16908304')
    expect(() => decodeAll([prelude(101, 0)], 100)).toThrow('A message of 101 bytes is beyond the limit of 100.')
    expect(decodeAll([prelude(100, 84)], 100).messages).toEqual([])
  })
})

it.each([
  ['a name that is cut off', [5, 97]],
  ['a type that is missing', [1, 97]],
  ['a type that there is not', [1, 97, 10]],
  ['a value that is cut off', [1, 97, 7, 0, 2, 98]],
])('headers with %s are an error', (_, bytes) => {
  expect(() => parseEventHeaders(Uint8Array.from(bytes))).toThrow(StreamParseError)
})

it('a checksum is that of the standard, in one step and in several', () => {
  const bytes = new TextEncoder().encode('123456789')
  expect(crc32(bytes)).toBe(0xcbf43926)
  for (let cut = 0; cut <= 9; cut++) expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(0xcbf43926)
})

it('base64 is decoded as the platform does, up to what is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom('base64', 'base64url'), (bytes, kind) => {
      const text = Buffer.from(bytes)
        .toString(kind as 'base64')
        .replace(/[-_].*/s, '')
      const target = new Uint8Array(200)
      const source = new TextEncoder().encode(`"${text}"`)
      const { end, written } = decodeBase64(source, 1, target, 3)
      const expected = Buffer.from(text, 'base64')
      expect(Buffer.from(target.subarray(3, written)).toString('hex')).toBe(expected.toString('hex'))
      expect(source.subarray(end).every((byte) => byte === 61 || byte === 34)).toBe(true)
    }),
    random,
  )
})
