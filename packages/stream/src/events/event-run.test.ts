import type { StreamEvent } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAccumulator } from '../message/create-accumulator.ts'
import { createRunParser } from './create-run-parser.ts'
import { type EventRun, eventsOf } from './event-run.ts'

const encoder = new TextEncoder()
const delta = (index: number, value: object | null) => ({ type: 'content_block_delta', index, delta: value })
const text = (value: unknown, index = 0) => delta(index, { type: 'text_delta', text: value })
const start = (index: number) => ({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } })
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} }

/** The runs that these events come in where all arrive at once. */
function runsOf(events: readonly object[]): EventRun[] {
  const runs: EventRun[] = []
  const frames = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
  createRunParser((run) => runs.push(run))(encoder.encode(frames.join('')))
  return runs
}

function messageOf(events: readonly unknown[]): unknown {
  const accumulator = createAccumulator()
  try {
    for (const event of events) accumulator.push(event as StreamEvent)
  } catch (error) {
    return [accumulator.message, accumulator.inputJSON(0), accumulator.inputJSON(1), String(error)]
  }
  return [accumulator.message, accumulator.inputJSON(0), accumulator.inputJSON(1)]
}

describe('deltas that follow one another', () => {
  it('become one where they add to the same thing, once their form is known, and can be told apart again', () => {
    const events = [
      start(0),
      ...['a', 'b', 'c', 'd"'].map((piece) => text(piece)),
      text('d', 1),
      { type: 'ping' },
      text('e'),
    ]
    const runs = runsOf(events)
    expect(runs.map(({ event }) => event)).toEqual([
      start(0),
      text('a'),
      text('b'),
      text('cd"'),
      text('d', 1),
      { type: 'ping' },
      text('e'),
    ])
    expect(eventsOf(runs)).toEqual(events)
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
        const runs = runsOf(all)
        const parsed = JSON.parse(JSON.stringify(all))
        expect(eventsOf(runs)).toEqual(parsed)
        expect(messageOf(runs.map((run) => run.event))).toEqual(messageOf(parsed))
      }),
      { numRuns: 2_000 },
    )
  })
})
