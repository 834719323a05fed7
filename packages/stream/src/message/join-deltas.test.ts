import type { StreamEvent } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAccumulator } from './create-accumulator.ts'
import { joinDeltas } from './join-deltas.ts'

const delta = (index: number, value: object | null) => ({ type: 'content_block_delta', index, delta: value })
const text = (value: unknown, index = 0) => delta(index, { type: 'text_delta', text: value })
const start = (index: number) => ({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } })
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} }

function joinAll(events: object[]): unknown[] {
  const joined: unknown[] = []
  for (let at = 0; at < events.length; ) {
    const [event, end] = joinDeltas(events as StreamEvent[], at)
    joined.push(event)
    at = end
  }
  return joined
}

function messageOf(events: unknown[]): unknown {
  const accumulator = createAccumulator()
  try {
    for (const event of events) accumulator.push(event as StreamEvent)
  } catch (error) {
    return [accumulator.message, accumulator.inputJSON(0), accumulator.inputJSON(1), String(error)]
  }
  return [accumulator.message, accumulator.inputJSON(0), accumulator.inputJSON(1)]
}

describe('deltas that follow one another', () => {
  it('become one where they add to the same thing, and stay as they are themselves', () => {
    const events = [start(0), text('a'), text('b'), text('c', 1), text('d', 1), { type: 'ping' }, text('e')]
    const before = structuredClone(events)
    expect(joinAll(events)).toEqual([start(0), text('ab'), text('cd', 1), { type: 'ping' }, text('e')])
    expect(events).toEqual(before)
  })

  it('give the message that they give one by one, also where they are not what they should be', () => {
    const pieces = fc.constantFrom('a', 'ü😀', '', '{"a":', '1}', null, undefined, 5)
    const anyDelta = fc.oneof(
      fc.record({ type: fc.constant('text_delta'), text: pieces }),
      fc.record({ type: fc.constant('thinking_delta'), thinking: pieces }),
      fc.record({ type: fc.constant('input_json_delta'), partial_json: pieces }),
      fc.record({
        type: fc.constantFrom('signature_delta', 'constructor', '__proto__'),
        signature: pieces,
        text: pieces,
      }),
      fc.constantFrom(null, {}),
    )
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.nat(2), anyDelta).map(([index, value]) => delta(index, value)) },
      { weight: 1, arbitrary: fc.nat(1).map((index) => ({ type: 'content_block_stop', index })) },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const all = [{ type: 'message_start', message }, start(0), start(1), ...events]
        expect(messageOf(joinAll(all))).toEqual(messageOf(all))
      }),
      { numRuns: 2_000 },
    )
  })
})
