import { type Message, type StreamEvent, StreamParseError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { createAccumulator } from './create-accumulator.ts'

const start = (message: object = {}) =>
  ({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [],
      usage: { input_tokens: 5, output_tokens: 1 },
      ...message,
    },
  }) as unknown as StreamEvent
const block = (index: number, content_block: object) =>
  ({ type: 'content_block_start', index, content_block }) as StreamEvent
const delta = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta }) as StreamEvent
const stop = (index: number): StreamEvent => ({ type: 'content_block_stop', index })
const end = (stop_reason: string, usage: object = {}) =>
  ({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage }) as unknown as StreamEvent
const text = (value: string) => delta(0, { type: 'text_delta', text: value })
const tool = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }
const json = (partial_json: string) => delta(0, { type: 'input_json_delta', partial_json })

function accumulate(...events: StreamEvent[]): Message {
  const accumulator = createAccumulator()
  for (const event of events) accumulator.push(event)
  return accumulator.message
}

describe('the message', () => {
  it('is empty before it starts, and may be read', () => {
    expect(createAccumulator().message.content).toEqual([])
  })

  it('is one object that grows', () => {
    const accumulator = createAccumulator()
    accumulator.push(start())
    const { message } = accumulator
    accumulator.push(block(0, { type: 'text', text: '' }))
    const held = message.content[0]
    accumulator.push(text('a'))
    accumulator.push(text('b'))
    accumulator.push(end('end_turn', { output_tokens: 9 }))
    expect(accumulator.message).toBe(message)
    expect(message.content[0]).toBe(held)
    expect(message).toMatchObject({ content: [{ text: 'ab' }], stop_reason: 'end_turn', usage: { output_tokens: 9 } })
  })

  it('is not shared with the events it is made of', () => {
    const events = [
      start({ content: [{ type: 'text', text: 'a', citations: [] }] }),
      block(1, { type: 'text', text: 'b', citations: [] }),
      delta(0, { type: 'citations_delta', citation: {} }),
      delta(1, { type: 'citations_delta', citation: {} }),
      delta(1, { type: 'text_delta', text: 'c' }),
      end('end_turn', { output_tokens: 3 }),
    ]
    const before = structuredClone(events)
    const message = accumulate(...events)
    expect(events).toEqual(before)
    expect(message.content).toEqual([
      { type: 'text', text: 'a', citations: [{}] },
      { type: 'text', text: 'bc', citations: [{}] },
    ])
  })

  it('has its blocks in the order of their indexes, whichever starts first and whichever is missing', () => {
    const message = accumulate(
      start(),
      block(3, { type: 'text', text: 'd' }),
      block(1, { type: 'text', text: 'b' }),
      delta(3, { type: 'text_delta', text: '!' }),
      block(0, { type: 'text', text: 'a' }),
    )
    expect(message.content.map((one) => 'text' in one && one.text)).toEqual(['a', 'b', 'd!'])
  })

  it('has the signature that came last, whole and not added to', () => {
    const signed = (signature: string) => delta(0, { type: 'signature_delta', signature })
    const thinking = block(0, { type: 'thinking', thinking: '', signature: '' })
    expect(accumulate(start(), thinking, signed('a'), signed('b')).content).toMatchObject([{ signature: 'b' }])
  })

  it('takes counts as totals, and lets nothing that is null or absent undo one', () => {
    const { usage, stop_reason } = accumulate(
      start({ usage: { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 3, service_tier: 'standard' } }),
      end('end_turn', { output_tokens: 9, input_tokens: 6, cache_read_input_tokens: null, speed: null }),
      { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 10 } } as unknown as StreamEvent,
    )
    expect(usage).toEqual({
      input_tokens: 6,
      output_tokens: 10,
      cache_read_input_tokens: 3,
      service_tier: 'standard',
      speed: null,
    })
    expect(stop_reason).toBe('end_turn')
  })

  it('holds __proto__ as data, and lets it reach no prototype', () => {
    const parsed = JSON.parse(
      '[{"type":"message_start","message":{"content":[],"usage":{},"__proto__":{"a":1}}},' +
        '{"type":"content_block_start","index":0,"content_block":{"type":"x","__proto__":{"b":1}}},' +
        '{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","__proto__":{"c":1}}},' +
        '{"type":"message_delta","delta":{"__proto__":{"d":1}},"usage":{"__proto__":{"e":1}},"__proto__":{"f":1}}]',
    )
    const message = accumulate(...parsed)
    for (const object of [message, message.usage, message.content[0]!]) {
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
      expect(Object.hasOwn(object, '__proto__')).toBe(true)
    }
  })
})

describe('the input of a tool call', () => {
  it('is parsed when its block stops, and its text can be read before', () => {
    const accumulator = createAccumulator()
    for (const event of [start(), block(0, tool), json(''), json('{"a": [1'), json(', 2]')]) accumulator.push(event)
    expect(accumulator.message.content[0]).toMatchObject({ input: {} })
    expect(accumulator.inputJSON(0)).toBe('{"a": [1, 2]')
    expect(accumulator.inputJSON(1)).toBeUndefined()
    accumulator.push(json('}'))
    accumulator.push(stop(0))
    expect(accumulator.message.content[0]).toMatchObject({ input: { a: [1, 2] } })
  })

  it('stays what the block started with where none is streamed', () => {
    expect(accumulate(start(), block(0, { ...tool, input: { a: 1 } }), json(''), stop(0)).content).toMatchObject([
      { input: { a: 1 } },
    ])
  })

  it.each<[string, unknown, object]>([
    ['no input at all', undefined, {}],
    ['an empty text', '', {}],
    ['null', null, {}],
    ['its JSON as text', '{"a": 1}', { a: 1 }],
    ['text that is none', 'a.txt', { INVALID_JSON: 'a.txt' }],
    ['a list', [1], { INVALID_JSON: [1] }],
    ['an object', { a: 1 }, { a: 1 }],
  ])('that starts with %s is an object', (_, input, expected) => {
    for (const type of ['tool_use', 'server_tool_use', 'mcp_tool_use']) {
      const given = { ...tool, type, input }
      expect(accumulate(start(), block(0, given), stop(0)).content).toMatchObject([{ input: expected }])
      expect(given.input).toBe(input)
    }
  })

  it.each<[string, object]>([
    ['{"path": a.txt}', { INVALID_JSON: '{"path": a.txt}' }],
    ['{"a": "b', { INVALID_JSON: '{"a": "b' }],
    ['"text"', { INVALID_JSON: '"text"' }],
    ['[1, 2]', { INVALID_JSON: '[1, 2]' }],
    ['7', { INVALID_JSON: '7' }],
    ['null', {}],
  ])('that is streamed as %s is an object, so that it can be sent back, and the message goes on', (text, input) => {
    const events = [start(), block(0, tool), json(text), stop(0), block(1, { type: 'text', text: 'a' }), stop(1)]
    const rest = [end('tool_use'), { type: 'message_stop' } as const]
    expect(accumulate(...events, ...rest)).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ input }, { text: 'a' }],
    })
  })

  it('that was streamed is there where its block was still open when the message ended', () => {
    for (const [text, input] of [
      ['{"a": 1}', { a: 1 }],
      ['{"a": "b', { INVALID_JSON: '{"a": "b' }],
    ] as const) {
      const events = [start(), block(0, tool), json(text), end('tool_use')]
      expect(accumulate(...events).content).toMatchObject([{ input: {} }])
      expect(accumulate(...events, { type: 'message_stop' }).content).toMatchObject([{ input }])
    }
  })

  it.each(['max_tokens', 'model_context_window_exceeded', 'refusal'])(
    'may be cut off by %s, and is then kept as text',
    (reason) => {
      const accumulator = createAccumulator()
      const events = [start(), block(0, tool), json('{"a": "b'), stop(0), { type: 'ping' } as const, end(reason)]
      events.push({ type: 'message_stop' })
      for (const event of events) accumulator.push(event)
      expect(accumulator.message).toMatchObject({
        stop_reason: reason,
        content: [{ input: {} }],
      })
      expect(accumulator.inputJSON(0)).toBe('{"a": "b')
    },
  )
})

it.each([undefined, null, ''])('a tool call that starts with %j for its input, and streams none, has {}', (input) => {
  expect(accumulate(start(), block(0, { ...tool, input }), stop(0)).content).toMatchObject([{ input: {} }])
  expect(accumulate(start({ content: [{ ...tool, input }] })).content).toMatchObject([{ input: {} }])
})

it('a stop for a block that never started ends nothing, since nothing is lost', () => {
  expect(accumulate(start(), block(0, { type: 'text', text: 'a' }), stop(7), end('end_turn')).content).toEqual([
    { type: 'text', text: 'a' },
  ])
})

it('blocks that come from the last to the first are refused before they take the square of their number', () => {
  const blocks = (count: number) =>
    Array.from({ length: count }, (_, n) => block(count - n, { type: 'text', text: '' }))
  expect(accumulate(start(), ...blocks(1_000)).content).toHaveLength(1_000)
  expect(() => accumulate(start(), ...blocks(100_000))).toThrow(/started too late/)
})

describe('an event that cannot follow', () => {
  it.each<[string, StreamEvent[]]>([
    ['a second message', [start()]],
    ['a delta for a block that never started', [delta(1, { type: 'text_delta', text: '' })]],
    ['a block without a type', [block(1, { text: '' })]],
    ['a block that is null', [block(1, null as unknown as object)]],
    ['a tool call without an id', [block(1, { type: 'tool_use', name: 'f', input: {} })]],
    ['a block that starts twice', [block(0, { type: 'text', text: '' })]],
    ['a delta for no block at all', [delta('length' as unknown as number, { type: 'text_delta', text: '' })]],
    ['a delta without a delta', [{ type: 'content_block_delta', index: 0 } as unknown as StreamEvent]],
  ])('is a typed error: %s', (_, events) => {
    const accumulator = createAccumulator()
    for (const event of [start(), block(0, { type: 'text', text: 'kept' })]) accumulator.push(event)
    expect(() => events.forEach((event) => void accumulator.push(event))).toThrow(StreamParseError)
    expect(accumulator.message.content).toEqual([{ type: 'text', text: 'kept' }])
  })

  it('is a typed error: a message that starts without a message', () => {
    expect(() => createAccumulator().push({ type: 'message_start' } as unknown as StreamEvent)).toThrow(
      StreamParseError,
    )
  })

  it('is none that is only unknown', () => {
    const message = accumulate(
      { type: 'prelude' } as unknown as StreamEvent,
      start(),
      block(0, { type: 'novel', pages: 1 }),
      delta(0, { type: 'page_delta', page: 2 }),
      delta(0, { type: 'text_delta', text: 'x' }),
      stop(0),
      { type: 'ping' },
    )
    expect(message.content).toEqual([{ type: 'novel', pages: 1, text: 'x' }])
  })
})
