import { OverloadedError, RequestAbortedError, type StreamEvent, StreamParseError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { listenersOf } from '../../test/listeners-of.ts'
import { readFixture } from '../../test/read-fixtures.ts'
import { parseEvents } from './parse-events.ts'

const encoder = new TextEncoder()
const ping = encoder.encode('data: {"type":"ping"}\n\n')

function bodyOf(chunks: Iterable<Uint8Array>) {
  const iterator = chunks[Symbol.iterator]()
  const seen = { pulls: 0, cancelled: [] as unknown[] }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulls++
        const { done, value } = iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => void seen.cancelled.push(reason),
    },
    { highWaterMark: 0 },
  )
  return { body, seen }
}

async function collect(events: AsyncIterable<StreamEvent>): Promise<{ types: string[]; error?: unknown }> {
  const types: string[] = []
  try {
    for await (const { type } of events) types.push(type)
    return { types }
  } catch (error) {
    return { types, error }
  }
}

describe('the events of a body', () => {
  it('are yielded to its end, and the body is released', async () => {
    const { body } = bodyOf([readFixture('text')])
    const { types, error } = await collect(parseEvents(body))
    expect(error).toBeUndefined()
    expect([types.at(0), types.length, types.at(-1)]).toEqual(['message_start', 9, 'message_stop'])
    expect(body.locked).toBe(false)
  })

  it('just end where the body does, also without message_stop', async () => {
    expect((await collect(parseEvents(bodyOf([readFixture('unfinished-frame')]).body))).types).toHaveLength(3)
    expect(await collect(parseEvents(bodyOf([]).body))).toEqual({ types: [] })
  })

  it('are read only as they are asked for', async () => {
    const { body, seen } = bodyOf([ping, ping, ping])
    const events = parseEvents(body)
    expect([seen.pulls, body.locked]).toEqual([0, false])
    await events.next()
    expect(seen.pulls).toBe(1)
    await events.next()
    expect(seen.pulls).toBe(2)
    await events.return()
  })
})

it('a body has one reader: a second one is refused, and does the first no harm', async () => {
  const { body, seen } = bodyOf([ping, ping])
  const events = parseEvents(body)
  await events.next()
  await expect(parseEvents(body).next()).rejects.toThrow(TypeError)
  expect(await collect(events)).toEqual({ types: ['ping'] })
  expect([seen.cancelled.length, body.locked]).toEqual([0, false])
})

describe('what ends the reading early', () => {
  it.each(['break', 'throw', 'return'])('cancels and releases the body: %s', async (how) => {
    const { body, seen } = bodyOf([ping, ping, ping])
    const events = parseEvents(body)
    if (how === 'return') {
      await events.next()
      await events.return()
    } else {
      const loop = async () => {
        for await (const _ of events) {
          if (how === 'break') break
          throw new Error('mine')
        }
      }
      await loop().catch(() => {})
    }
    expect(seen.cancelled).toHaveLength(1)
    expect(body.locked).toBe(false)
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it('is an error event, after all that came before it', async () => {
    const { body, seen } = bodyOf([readFixture('error-after-content'), ping])
    const { types, error } = await collect(parseEvents(body))
    expect(types).toHaveLength(3)
    expect(error).toBeInstanceOf(OverloadedError)
    expect([seen.cancelled.length, body.locked]).toEqual([1, false])
  })

  it('is what is no event, and what is too large', async () => {
    const html = encoder.encode('data: {"type":"ping"}\n\ndata: <html>\n\n')
    expect(await collect(parseEvents(bodyOf([html]).body))).toEqual({
      types: ['ping'],
      error: expect.any(StreamParseError),
    })
    const large = parseEvents(bodyOf([ping, ping]).body, { maxFrameBytes: 10 })
    expect((await collect(large)).error).toBeInstanceOf(StreamParseError)
  })

  it('is the failure of the body, after what came before it', async () => {
    const failure = new TypeError('terminated')
    function* failing() {
      yield ping
      throw failure
    }
    const { body } = bodyOf(failing())
    expect(await collect(parseEvents(body))).toEqual({ types: ['ping'], error: failure })
    expect(body.locked).toBe(false)
  })
})

it('a body that breaks while the loop is busy, or when nobody reads on, rejects nothing but the next read', async () => {
  const failure = new TypeError('terminated')
  let fail!: () => void
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(ping)
      fail = () => controller.error(failure)
    },
  })
  const events = parseEvents(body)
  await events.next()
  fail()
  await new Promise((resolve) => setTimeout(resolve))
  await expect(events.next()).rejects.toBe(failure)
  expect(body.locked).toBe(false)
})

describe('a signal', () => {
  it('ends a pending read, with its reason as the cause, and cancels the body', async () => {
    const controller = new AbortController()
    const cancelled: unknown[] = []
    const body = new ReadableStream<Uint8Array>({ cancel: (reason) => void cancelled.push(reason) })
    const result = collect(parseEvents(body, { signal: controller.signal }))
    controller.abort('enough')
    const { error } = await result
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect((error as Error).cause).toBe('enough')
    expect(cancelled).toEqual(['enough'])
    expect(body.locked).toBe(false)
  })

  it('ends the reading between two events of one chunk', async () => {
    const controller = new AbortController()
    const events = parseEvents(bodyOf([readFixture('text')]).body, { signal: controller.signal })
    await events.next()
    controller.abort()
    await expect(events.next()).rejects.toThrow(RequestAbortedError)
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it('that is aborted already leaves the body unread', async () => {
    const { body, seen } = bodyOf([ping])
    expect((await collect(parseEvents(body, { signal: AbortSignal.abort() }))).error).toBeInstanceOf(
      RequestAbortedError,
    )
    expect([seen.pulls, seen.cancelled.length]).toEqual([0, 1])
  })

  it('keeps no listener', async () => {
    const { signal } = new AbortController()
    const listeners = listenersOf(signal)
    await collect(parseEvents(bodyOf([ping, ping]).body, { signal }))
    expect(listeners.size).toBe(0)
  })
})
