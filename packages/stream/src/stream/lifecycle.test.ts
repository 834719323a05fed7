import { createClient } from '@enjamb/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakeExchange, fakeFetch } from '../../test/fake-fetch.ts'
import { listenersOf } from '../../test/listeners-of.ts'
import { blockStart, blockStop, delta, frames, messageDelta, overloaded, start, stop } from '../../test/wire-text.ts'
import {
  type MessageStream,
  parseEvents,
  type StreamOptions,
  streamMessage,
  tee,
  toolInput,
  toReadableStream,
  toResponse,
} from '../index.ts'

const params = { model: 'm-1', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
const call = {
  type: 'content_block_start',
  index: 1,
  content_block: { type: 'tool_use', id: 't', name: 'f', input: {} },
}
const input = { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } }
const first = frames(start, blockStart, delta('a'), blockStop, call, input)
const rest = frames({ ...blockStop, index: 1 }, messageDelta, stop)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const turn = () => vi.advanceTimersByTimeAsync(0)

/** A stream whose server has written `first`, and waits. */
function open(options: StreamOptions = {}, serve = (exchange: FakeExchange) => exchange.write(first)) {
  const exchanges: FakeExchange[] = []
  const fetch = fakeFetch((exchange) => {
    exchanges.push(exchange)
    serve(exchange)
  })
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch, idleTimeoutMs: 1_000 })
  return { stream: streamMessage(client, params, options), exchanges }
}

async function* finalOf(stream: MessageStream) {
  yield* []
  await stream.final()
}

/** A loop that asks for the message, and never looks at it. */
async function* withFinal(stream: MessageStream) {
  for await (const event of stream) {
    void stream.final()
    yield event
  }
}

/** What these give are bytes, or the events in bytes: to them, the end of a stream is an end. */
const relays = new Set<AsyncIterable<unknown>>()
function relay<T extends AsyncIterable<unknown>>(pieces: T): T {
  relays.add(pieces)
  return pieces
}

/** Every way to read a stream, as the loops that it takes. */
const ways: Record<string, (stream: MessageStream) => AsyncIterable<unknown>[]> = {
  'for await': (stream) => [stream],
  'text()': (stream) => [stream.text()],
  'batches()': (stream) => [stream.batches()],
  'chunks()': (stream) => [relay(stream.chunks())],
  'toolInput()': (stream) => [toolInput(stream)],
  'final()': (stream) => [finalOf(stream)],
  'final() beside a loop': (stream) => [stream, finalOf(stream)],
  'a loop with a final() that nobody awaits': (stream) => [withFinal(stream)],
  'toReadableStream()': (stream) => [relay(toReadableStream(stream))],
  'toResponse()': (stream) => [relay(toResponse(stream).body!)],
  'parseEvents() of a relay': (stream) => [relay(parseEvents(toReadableStream(stream)))],
  'tee()': (stream) => tee(stream),
  'a relay beside text()': (stream) => {
    const [left, right] = tee(stream)
    return [relay(toReadableStream(left)), right.text()]
  },
  'tee() of a branch of tee()': (stream) => {
    const [left, right] = tee(stream)
    return [...tee(left), right.text()]
  },
}

interface Ending {
  /** With which code the loops end that know what an event is; `undefined` where the message is whole. */
  code?: string | undefined
  /** What the loops do at their first piece. */
  onPiece?(): boolean
  /** What happens when all of them wait for the second. */
  act?(exchange: FakeExchange, controller: AbortController, stream: MessageStream): unknown
}
const endings: Record<string, Ending> = {
  ends: {
    code: undefined,
    act: (exchange) => {
      exchange.write(rest)
      exchange.end()
    },
  },
  'ends, and its connection stays open': { code: undefined, act: (exchange) => exchange.write(rest) },
  'ends too early': { code: 'stream_interrupted', act: (exchange) => exchange.end() },
  breaks: { code: 'stream_interrupted', act: (exchange) => exchange.fail(new TypeError('terminated')) },
  'says that it failed': { code: 'overloaded', act: (exchange) => exchange.write(frames(overloaded)) },
  'brings what is no event': { code: 'stream_parse', act: (exchange) => exchange.write('data: <html>\n\n') },
  'falls silent': { code: 'idle_timeout' },
  'is aborted by its signal': { code: 'request_aborted', act: (_, controller) => controller.abort() },
  'is aborted': { code: 'request_aborted', act: (_, __, stream) => stream.abort() },
  'is left in the loop': { onPiece: () => false },
  'meets an error in the loop': {
    onPiece: () => {
      throw new Error('mine')
    },
  },
}

/** The code with which a loop ends, if any. */
async function consume(pieces: AsyncIterable<unknown>, onPiece: () => unknown): Promise<string | undefined> {
  try {
    for await (const _ of pieces) if ((await onPiece()) === false) break
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  }
}

/** All loops over one stream, together with what is to be gone when they are over. */
function read(way: (typeof ways)[string], onPiece: () => unknown, serve?: (exchange: FakeExchange) => void) {
  const controller = new AbortController()
  const listeners = listenersOf(controller.signal)
  const { stream, exchanges } = open({ signal: controller.signal }, serve)
  const loops = way(stream)
  let settled = 0
  const codes: unknown[] = []
  for (const pieces of loops) {
    consume(pieces, onPiece).then((code) => {
      settled++
      if (!relays.has(pieces)) codes.push(code)
    })
  }
  return {
    controller,
    exchanges,
    stream,
    expectNothingLeft(ending?: Ending) {
      expect(settled, 'loops that are over').toBe(loops.length)
      if (ending && 'code' in ending) expect(codes).toEqual(codes.map(() => ending.code))
      expect({ timers: vi.getTimerCount(), listeners: listeners.size }).toEqual({ timers: 0, listeners: 0 })
      expect(exchanges.filter((exchange) => exchange.open)).toEqual([])
      expect(stream.response?.body?.locked ?? false).toBe(false)
    },
  }
}

// Whoever leaves a promise behind that rejects fails the whole file.
describe.each(Object.entries(ways))('a stream that is read by %s', (_, way) => {
  it.each(Object.entries(endings))('and %s leaves nothing behind', async (_, ending) => {
    const { onPiece = () => true, act } = ending
    const { controller, exchanges, stream, expectNothingLeft } = read(way, onPiece)
    await turn()
    act?.(exchanges[0]!, controller, stream)
    await vi.advanceTimersByTimeAsync(3_000)
    expectNothingLeft(ending)
  })

  it.each(Object.entries(endings))(
    'and %s while the loop is busy leaves nothing behind',
    async (_, { onPiece, act }) => {
      let goOn!: () => void
      const busy = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const { controller, exchanges, stream, expectNothingLeft } = read(way, () => busy.then(onPiece))
      await turn()
      act?.(exchanges[0]!, controller, stream)
      await vi.advanceTimersByTimeAsync(3_000)
      goOn()
      await vi.advanceTimersByTimeAsync(3_000)
      expectNothingLeft()
    },
  )

  const early: Record<string, (exchange: FakeExchange) => void> = {
    'its first byte': () => {},
    'its first content': (exchange) => exchange.write(frames(start)),
    'it is tried again': (exchange) => exchange.end(),
  }
  it.each(Object.entries(early))('and is aborted before %s leaves nothing behind', async (_, serve) => {
    const { controller, expectNothingLeft } = read(way, () => true, serve)
    await turn()
    controller.abort()
    await turn()
    expectNothingLeft()
  })

  it('is not sent before it is read, and never when it is aborted by then', async () => {
    const controller = new AbortController()
    const listeners = listenersOf(controller.signal)
    const { stream, exchanges } = open({ signal: controller.signal })
    const loops = way(stream)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(listeners.size).toBe(0)
    controller.abort()
    await Promise.all(loops.map((pieces) => consume(pieces, () => true)))
    expect([exchanges.length, vi.getTimerCount(), listeners.size]).toEqual([0, 0, 0])
  })

  it('may be left alone after its first piece, whatever becomes of it', async () => {
    const { exchanges } = read(way, () => new Promise(() => {}))
    await turn()
    exchanges[0]!.fail(new TypeError('terminated'))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('a stream that is left at its last event is no longer read, and not said to be aborted', async () => {
  const controller = new AbortController()
  const listeners = listenersOf(controller.signal)
  const { stream, exchanges } = open({ signal: controller.signal }, (exchange) => exchange.write(first + rest))
  for await (const { type } of stream) if (type === 'message_stop') break
  expect([exchanges[0]!.cancelled, vi.getTimerCount(), listeners.size]).toEqual([true, 0, 0])
  expect(await stream.final()).toMatchObject({ stop_reason: 'end_turn' })
})

describe('reading twice', () => {
  const attempts: Record<string, (stream: MessageStream) => unknown> = {
    'for await': (stream) => stream[Symbol.asyncIterator]().next(),
    'text()': (stream) => stream.text().next(),
    'batches()': (stream) => stream.batches().next(),
    'toolInput()': (stream) => toolInput(stream).next(),
    'chunks()': async (stream) => stream.chunks().next(),
    'toReadableStream()': async (stream) => toReadableStream(stream),
    'toResponse()': async (stream) => toResponse(stream),
    'tee()': async (stream) => tee(stream),
  }

  it.each(Object.entries(attempts))('is refused by %s, and does the first reader no harm', async (_, again) => {
    const { stream, exchanges } = open()
    const events = stream[Symbol.asyncIterator]()
    await events.next()
    await expect(again(stream)).rejects.toMatchObject({ code: 'config' })
    exchanges[0]!.write(rest)
    exchanges[0]!.end()
    const types: string[] = []
    for await (const { type } of events) types.push(type)
    expect(types.at(-1)).toBe('message_stop')
  })

  it.each(Object.entries(attempts))('is refused by %s after final(), too', async (_, again) => {
    const { stream, exchanges } = open()
    const final = stream.final()
    await expect(again(stream)).rejects.toMatchObject({ code: 'config' })
    exchanges[0]!.write(rest)
    exchanges[0]!.end()
    expect((await final).content).toHaveLength(2)
  })

  it('is refused by final() once a relay has passed bytes on unread', async () => {
    const { stream } = open()
    const reader = toReadableStream(stream).getReader()
    await reader.read()
    await expect(stream.final()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('tee(stream)'),
    })
    await reader.cancel()
  })

  it('gives the same final() again, also where a relay has begun in between', async () => {
    const { stream } = open({}, (exchange) => {
      exchange.write(first + rest)
      exchange.end()
    })
    const relayed = toReadableStream(stream)
    const final = stream.final()
    const reader = relayed.getReader()
    await reader.read()
    expect(stream.final()).toBe(final)
    expect(await final).toMatchObject({ stop_reason: 'end_turn' })
    await reader.cancel()
  })

  it('is in order: who asks for the next piece twice at once gets two, and then the end twice', async () => {
    const { stream, exchanges } = open({}, (exchange) => exchange.write(frames(start, blockStart, delta('a'))))
    const pieces = stream.text()
    const asked = [1, 2, 3, 4].map(() => pieces.next())
    await turn()
    exchanges[0]!.write(frames(delta('b'), blockStop, messageDelta, stop))
    exchanges[0]!.end()
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual(['a', 'b', undefined, undefined])
  })
})
