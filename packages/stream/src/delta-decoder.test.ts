import type { StreamEvent } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDeltaDecoder } from './delta-decoder.ts'

const encoder = new TextEncoder()
const kinds = { text_delta: 'text', input_json_delta: 'partial_json', thinking_delta: 'thinking' }

const delta = (type: string, index: number, text: string) =>
  ({
    type: 'content_block_delta',
    index,
    delta: { type, [kinds[type as keyof typeof kinds]]: text },
  }) as unknown as StreamEvent

function bytesOf(event: StreamEvent, padding = ''): Uint8Array {
  return encoder.encode(`${JSON.stringify(event).slice(0, -1)}${padding}}`)
}

/** What the standard's decoder and parser make of it. */
function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(data))
  } catch {
    return undefined
  }
}

function learnt(event: StreamEvent) {
  const decoder = createDeltaDecoder()
  decoder.learn(event, bytesOf(event))
  return decoder
}

const kind = fc.constantFrom(...Object.keys(kinds))
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\n', '"', '\\', '\ud800', '"}', '\u2028'),
)
const padding = fc.constantFrom('', ' ', '      ')

describe('a learned form', () => {
  it('decodes every delta that is written in it, escapes, padding and all', () => {
    fc.assert(
      fc.property(kind, fc.nat(300), text, text, padding, (type, index, first, second, pad) => {
        const data = bytesOf(delta(type, index, second), pad)
        const decoded = learnt(delta(type, index, first)).decode(data)
        expect(decoded).toEqual(parsed(data))
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(parsed(data)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('never says anything but what JSON.parse says, whatever the bytes', () => {
    const junk = fc.constantFrom(
      '"',
      '\\',
      '}',
      '{',
      ',',
      ':',
      ' ',
      '\n',
      '\0',
      '\\u12',
      '\\ud83d',
      '"x":"y"',
      '},"a":{"b":"',
      '"}',
      '__proto__',
    )
    const mutation = fc.record({
      at: fc.nat(),
      drop: fc.nat(6),
      put: fc.oneof(
        junk.map((s) => encoder.encode(s)),
        fc.uint8Array({ maxLength: 4 }),
      ),
    })
    let accepted = 0
    fc.assert(
      fc.property(kind, text, padding, fc.array(mutation, { maxLength: 3 }), (type, second, pad, mutations) => {
        let data = bytesOf(delta(type, 0, second), pad)
        for (const { at, drop, put } of mutations) {
          const from = at % (data.length + 1)
          data = Uint8Array.from([...data.slice(0, from), ...put, ...data.slice(from + drop)])
        }
        const decoded = learnt(delta(type, 0, 'before')).decode(data)
        if (decoded === undefined) return
        accepted++
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(parsed(data)))
      }),
      { numRuns: 20_000 },
    )
    // A decoder that refuses everything would pass the property and be worth nothing.
    expect(accepted).toBeGreaterThan(1_000)
  })

  it('is left to JSON.parse when it changes: another block, another kind, another order of keys', () => {
    const decoder = learnt(delta('text_delta', 0, 'a'))
    expect(decoder.decode(bytesOf(delta('text_delta', 1, 'a')))).toBeUndefined()
    expect(decoder.decode(bytesOf(delta('thinking_delta', 0, 'a')))).toBeUndefined()
    expect(
      decoder.decode(
        encoder.encode('{"index":0,"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}'),
      ),
    ).toBeUndefined()
  })

  it('is not taken from an event that is written in another way', () => {
    const decoder = createDeltaDecoder()
    const event = delta('text_delta', 0, 'a')
    decoder.learn(event, encoder.encode(JSON.stringify(event, null, 1)))
    expect(decoder.decode(bytesOf(event))).toBeUndefined()
  })
})
