import {
  ConfigError,
  ConnectionError,
  createClient,
  IdleTimeoutError,
  type MessageParams,
  OverloadedError,
  RequestAbortedError,
  StreamInterruptedError,
  StreamParseError,
} from '@enjamb/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type FakeExchange, fakeFetch } from '../../test/fake-fetch.ts'
import { listenersOf } from '../../test/listeners-of.ts'
import {
  answer,
  blockStart,
  blockStop,
  delta,
  frames,
  messageDelta,
  overloaded,
  ping,
  start,
  stop,
} from '../../test/wire-text.ts'
import {
  type MessageStream,
  type StreamOptions,
  streamMessage,
  tee,
  toolInput,
  toReadableStream,
  toResponse,
} from '../index.ts'

const params: MessageParams = {
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
}

function open(serve: (exchange: FakeExchange, attempt: number) => void, options: StreamOptions = {}) {
  const fetch = fakeFetch(serve)
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch, retry: { baseDelayMs: 1 } })
  return { fetch, stream: streamMessage(client, params, options) }
}

/** Writes these texts, each its own chunk, and ends. */
function serving(...chunks: string[]) {
  return (exchange: FakeExchange) => {
    for (const chunk of chunks) exchange.write(chunk)
    exchange.end()
  }
}

/** A stream that has brought these chunks when it stays open, and the server's side of it once it is read. */
function held(chunks: string[], options?: StreamOptions) {
  let exchange!: FakeExchange
  const { stream } = open((opened) => {
    exchange = opened
    for (const chunk of chunks) opened.write(chunk)
  }, options)
  return { stream, exchange: () => exchange }
}

async function failureOf(work: Promise<unknown>): Promise<Error & { partial?: { content: { text?: string }[] } }> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  )
}

async function textOf(stream: MessageStream): Promise<string> {
  let text = ''
  for await (const piece of stream.text()) text += piece
  return text
}

afterEach(() => {
  vi.useRealTimers()
})

describe('reading', () => {
  it('sends nothing before somebody reads', async () => {
    const { fetch } = open(serving(answer('a')))
    await new Promise((resolve) => setTimeout(resolve))
    expect(fetch.calls).toBe(0)
  })

  it('reads a chunk only when somebody asks for more', async () => {
    const { stream, exchange } = held([frames(start, blockStart), frames(delta('a')), frames(delta('b'))])
    const events = stream[Symbol.asyncIterator]()
    await events.next()
    await new Promise((resolve) => setTimeout(resolve))
    const after = exchange().pulls
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(exchange().pulls).toBe(after)
    await events.return(undefined)
  })

  it('gives every event, text alone, and the events of a chunk together', async () => {
    const chunks = [
      frames(start, ping, blockStart, delta('a')),
      frames(delta('b'), blockStop),
      frames(messageDelta, stop),
    ]
    const types: string[] = []
    for await (const event of open(serving(...chunks)).stream) types.push(event.type)
    expect(types.join(' ')).toBe(
      'message_start ping content_block_start content_block_delta content_block_delta content_block_stop message_delta message_stop',
    )
    expect(await textOf(open(serving(...chunks)).stream)).toBe('ab')
    const sizes: number[] = []
    for await (const events of open(serving(...chunks)).stream.batches()) sizes.push(events.length)
    expect(sizes).toEqual([4, 2, 2])
  })

  it('gives the message, the request id and the response', async () => {
    const { stream } = open(serving(answer('a', 'b')))
    expect(stream.snapshot.content).toEqual([])
    expect(stream.requestId).toBeUndefined()
    const message = await stream.final()
    expect(message).toMatchObject({
      content: [{ type: 'text', text: 'ab' }],
      stop_reason: 'end_turn',
      usage: { output_tokens: 5 },
    })
    expect(stream.requestId).toBe('req_1')
    expect(stream.response?.status).toBe(200)
    expect(stream.snapshot).toBe(message)
  })

  it('gives the message during and after a loop, and as often as it is asked for', async () => {
    const { stream, fetch } = open(
      serving(frames(start, blockStart), frames(delta('a')), frames(delta('b'), blockStop, messageDelta, stop)),
    )
    let seen = ''
    for await (const text of stream.text()) {
      // Awaiting the end inside the loop must not wait for the loop.
      if (!seen) expect((await stream.final()).content).toEqual([{ type: 'text', text: 'ab' }])
      seen += text
    }
    expect(seen).toBe('ab')
    expect(await stream.final()).toBe(await stream.final())
    expect(fetch.calls).toBe(1)
  })

  it('refuses a second loop, and names the way out', async () => {
    const { stream } = open(serving(answer('a')))
    await textOf(stream)
    const error = await failureOf(textOf(stream))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain('tee(stream)')
  })

  it('takes a message without any content', async () => {
    const { stream } = open(serving(frames(start, messageDelta, stop)))
    expect((await stream.final()).content).toEqual([])
  })

  it('does not wait for a body that stays open after message_stop', async () => {
    vi.useFakeTimers()
    const { stream, exchange } = held([answer('a')])
    const final = stream.final()
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await final).content).toEqual([{ type: 'text', text: 'a' }])
    expect(exchange().cancelled).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('failures', () => {
  it('tries again when the first event is an error', async () => {
    const { stream, fetch } = open((exchange, attempt) =>
      serving(attempt < 2 ? frames(overloaded) : answer('a'))(exchange),
    )
    expect(await textOf(stream)).toBe('a')
    expect(fetch.calls).toBe(3)
  })

  it('tries again when the body ends or breaks before content, and starts the message anew', async () => {
    const { stream } = open((exchange, attempt) => {
      exchange.write(frames(start, ping))
      if (attempt === 0) exchange.end()
      else if (attempt === 1) exchange.fail(new TypeError('terminated'))
      else serving(answer('a').replace(frames(start), ''))(exchange)
    })
    expect(await stream.final()).toMatchObject({ id: 'msg_1', content: [{ text: 'a' }] })
  })

  it('gives up with the error of the last try', async () => {
    const { stream, fetch } = open(serving(frames(start)))
    const error = await failureOf(stream.final())
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.partial).toBeUndefined()
    expect(fetch.calls).toBe(3)
  })

  it('never tries again after content, and loses nothing that came', async () => {
    const { stream, fetch } = open(serving(frames(start, blockStart, delta('a')), frames(delta('b'))))
    const error = await failureOf(stream.final())
    expect(error).toBeInstanceOf(StreamInterruptedError)
    expect(error.partial?.content).toEqual([{ type: 'text', text: 'ab' }])
    expect(fetch.calls).toBe(1)
  })

  it('delivers what stands before an error in the same chunk, and then throws it', async () => {
    const { stream } = open(serving(frames(start, blockStart, delta('a'), overloaded)))
    let text = ''
    const error = await failureOf(
      (async () => {
        for await (const piece of stream.text()) text += piece
      })(),
    )
    expect(text).toBe('a')
    expect(error).toBeInstanceOf(OverloadedError)
    expect(error).toMatchObject({ status: 529, partial: { content: [{ text: 'a' }] } })
    expect(await failureOf(stream.final())).toBe(error)
  })

  it.each([
    ['ends too early', serving()],
    ['breaks', (exchange: FakeExchange) => void setTimeout(() => exchange.fail(new TypeError('terminated')))],
    ['is no stream', serving('data: <html>\n\n')],
  ])('gives final() the error of the loop, when a stream %s', async (_, serve) => {
    const { stream } = open((exchange) => {
      exchange.write(frames(start, blockStart, delta('a')))
      serve(exchange)
    })
    const error = await failureOf(textOf(stream))
    expect(await failureOf(stream.final())).toBe(error)
  })

  it('keeps an error that comes while the consumer is busy', async () => {
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))])
    const error = await failureOf(
      (async () => {
        for await (const _ of stream.text()) {
          exchange().fail(new TypeError('terminated'))
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })(),
    )
    expect(error).toBeInstanceOf(StreamInterruptedError)
    expect(error.cause).toBeInstanceOf(ConnectionError)
  })

  it('names what is no event, and what is an event out of order', async () => {
    for (const wrong of ['data: {"type": nonsense}\n\n', frames(start), frames({ ...delta('a'), index: 7 })]) {
      const error = await failureOf(open(serving(frames(start, blockStart, delta('a')), wrong)).stream.final())
      expect(error).toBeInstanceOf(StreamParseError)
      expect(error.partial?.content).toEqual([{ type: 'text', text: 'a' }])
    }
  })

  it('ends a stream whose event is too large', async () => {
    const error = await failureOf(open(serving(answer('a'.repeat(2_000))), { maxFrameBytes: 1_000 }).stream.final())
    expect(error).toBeInstanceOf(StreamParseError)
  })

  it('ends a silent stream, pings being no silence', async () => {
    vi.useFakeTimers()
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))], { idleTimeoutMs: 1_000 })
    const failure = failureOf(stream.final())
    for (let n = 0; n < 5; n++) {
      await vi.advanceTimersByTimeAsync(900)
      exchange().write(frames(ping))
    }
    await vi.advanceTimersByTimeAsync(1_000)
    const error = await failure
    expect(error).toBeInstanceOf(IdleTimeoutError)
    expect(error.partial?.content).toEqual([{ type: 'text', text: 'a' }])
    expect(exchange().signal.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, 2 ** 31])('waits for ever with an idleTimeoutMs of %i', async (idleTimeoutMs) => {
    vi.useFakeTimers()
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))], { idleTimeoutMs })
    const final = stream.final()
    await vi.advanceTimersByTimeAsync(3_600_000)
    // The platform takes so long a time for none at all.
    expect(vi.getTimerCount()).toBe(0)
    serving(frames(blockStop, messageDelta, stop))(exchange())
    expect((await final).content).toEqual([{ type: 'text', text: 'a' }])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets a slow consumer take its time', async () => {
    vi.useFakeTimers()
    const { stream } = open(serving(frames(start, blockStart), frames(delta('a'), blockStop, messageDelta, stop)), {
      idleTimeoutMs: 10,
    })
    const events = stream.batches()
    await events.next()
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await events.next()).done).toBe(false)
    expect((await events.next()).done).toBe(true)
  })
})

describe('aborting', () => {
  const endless = (exchange: FakeExchange) => exchange.write(frames(start, blockStart, delta('a')))

  it('ends the request when a loop is left early', async () => {
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))])
    for await (const _ of stream.text()) break
    expect(exchange().signal.aborted).toBe(true)
    const error = await failureOf(stream.final())
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.partial?.content).toEqual([{ type: 'text', text: 'a' }])
  })

  it('ends the request when the loop body throws, with that error', async () => {
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))])
    const mine = new Error('mine')
    const error = await failureOf(
      (async () => {
        for await (const _ of stream) throw mine
      })(),
    )
    expect(error).toBe(mine)
    expect(exchange().signal.aborted).toBe(true)
  })

  it('is no abort to leave the loop after the end', async () => {
    const { stream } = open(serving(answer('a')))
    for await (const event of stream) if (event.type === 'message_stop') break
    expect((await stream.final()).stop_reason).toBe('end_turn')
  })

  it.each(['abort()', 'signal'])('rejects at once on %s, with the reason as cause', async (way) => {
    const controller = new AbortController()
    const listeners = listenersOf(controller.signal)
    const { stream } = open(endless, { signal: controller.signal })
    const events = stream.batches()
    await events.next()
    const pending = failureOf(events.next())
    const reason = new Error('enough')
    if (way === 'signal') controller.abort(reason)
    else stream.abort(reason)
    const error = await pending
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toBe(reason)
    expect(error.partial?.content).toEqual([{ type: 'text', text: 'a' }])
    expect(listeners.size).toBe(0)
  })

  it('hears the signal in a later attempt, too', async () => {
    const controller = new AbortController()
    const listeners = listenersOf(controller.signal)
    const { stream, fetch } = open(
      (exchange, attempt) => {
        if (attempt === 0) serving(frames(start))(exchange)
        else setTimeout(() => controller.abort(new Error('enough')), 5)
      },
      { signal: controller.signal },
    )
    const error = await failureOf(stream.final())
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toMatchObject({ message: 'enough' })
    expect(fetch.calls).toBe(2)
    expect(listeners.size).toBe(0)
  })

  it('sends nothing when it is aborted before it is read', async () => {
    const early = open(endless)
    early.stream.abort()
    expect(await failureOf(early.stream.final())).toBeInstanceOf(RequestAbortedError)
    const late = open(endless, { signal: AbortSignal.abort() })
    expect(await failureOf(late.stream.final())).toBeInstanceOf(RequestAbortedError)
    expect(early.fetch.calls + late.fetch.calls).toBe(0)
  })

  it('leaves no listener on the caller’s signal, however the stream ends', async () => {
    const { signal } = new AbortController()
    const listeners = listenersOf(signal)
    await open(serving(answer('a')), { signal }).stream.final()
    await failureOf(open(serving(frames(start, blockStart)), { signal }).stream.final())
    for await (const _ of open(endless, { signal }).stream) break
    expect(listeners.size).toBe(0)
  })
})

describe('an abort between two events of one chunk', () => {
  const whole = answer(...Array.from({ length: 200 }, (_, n) => `${n} `))
  const ways = {
    'for await': (stream: MessageStream): AsyncIterable<unknown> => stream,
    'text()': (stream: MessageStream) => stream.text(),
    'a branch of tee()': (stream: MessageStream) => {
      const [left, right] = tee(stream)
      void right.final()
      return left
    },
  }
  it.each(
    Object.entries(ways).flatMap(([name, way]) => [
      [name, 'abort()', way] as const,
      [name, 'its signal', way] as const,
    ]),
  )('ends %s by %s at the next event, though the message is whole', async (_, by, way) => {
    const controller = new AbortController()
    const { stream } = open(serving(whole), { signal: controller.signal })
    const pieces = way(stream)
    let seen = 0
    const error = await failureOf(
      (async () => {
        for await (const _ of pieces) {
          if (++seen !== 5) continue
          if (by === 'abort()')
            (pieces instanceof Object && 'abort' in pieces ? (pieces as MessageStream) : stream).abort('enough')
          else controller.abort('enough')
        }
      })(),
    )
    expect([seen, error.cause]).toEqual([5, 'enough'])
    expect(error).toBeInstanceOf(RequestAbortedError)
  })

  it('ends toolInput() before its next update', async () => {
    const call = (index: number) => ({
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id: `t${index}`, name: 'f', input: {} },
    })
    const { stream } = open(serving(frames(start, call(0), call(1), messageDelta, stop)))
    let seen = 0
    const error = await failureOf(
      (async () => {
        for await (const _ of toolInput(stream)) {
          seen++
          stream.abort()
        }
      })(),
    )
    expect([seen, error]).toEqual([1, expect.any(RequestAbortedError)])
  })
})

it('many streams on one signal all hear it, and have one listener between them', async () => {
  const controller = new AbortController()
  const listeners = listenersOf(controller.signal)
  const streams = Array.from({ length: 30 }, () => held([frames(start, blockStart)], { signal: controller.signal }))
  const loops = streams.map(({ stream }) => stream.batches())
  await Promise.all(loops.map((batches) => batches.next()))
  expect(listeners.size).toBe(1)
  const failures = loops.map((batches) => failureOf(batches.next()))
  controller.abort('enough')
  for (const error of await Promise.all(failures)) expect(error.cause).toBe('enough')
  expect(listeners.size).toBe(0)
})

describe('an abort between two chunks that have both come', () => {
  const chunks = [
    frames(start, blockStart, delta('a')),
    frames(delta('b')),
    frames(delta('c'), blockStop, messageDelta, stop),
  ]
  const ways: Record<string, (stream: MessageStream) => [AsyncIterable<unknown>, MessageStream?]> = {
    'for await': (stream) => [stream],
    'text()': (stream) => [stream.text()],
    'batches()': (stream) => [stream.batches()],
    'chunks()': (stream) => [stream.chunks()],
    'toReadableStream()': (stream) => [toReadableStream(stream)],
    'a loop beside final()': (stream) => {
      const events = stream[Symbol.asyncIterator]()
      const first = events.next()
      void stream.final().catch(() => {})
      return [
        (async function* () {
          yield (await first).value
          yield* events
        })(),
      ]
    },
    'a branch of tee()': (stream) => {
      const [left, right] = tee(stream)
      void right.final().catch(() => {})
      return [left, left]
    },
    'the relay of a branch': (stream) => {
      const [left, right] = tee(stream)
      void right.final().catch(() => {})
      return [toReadableStream(left), left]
    },
  }
  it.each(
    Object.entries(ways).flatMap(([name, way]) => [
      [name, 'abort()', way] as const,
      [name, 'its signal', way] as const,
    ]),
  )('ends %s by %s at the next piece', async (_, by, way) => {
    const controller = new AbortController()
    const { stream } = open(serving(...chunks), { signal: controller.signal })
    const [pieces, aborted = stream] = way(stream)
    let seen = 0
    const error = await failureOf(
      (async () => {
        for await (const _ of pieces) {
          seen++
          if (by === 'abort()') aborted.abort('enough')
          else controller.abort('enough')
        }
      })(),
    )
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect([seen, error.cause]).toEqual([1, 'enough'])
  })
})

describe('what is thrown into a way of reading by its iterator', () => {
  const ways: Record<string, (stream: MessageStream) => AsyncGenerator<unknown>> = {
    'for await': (stream) => stream[Symbol.asyncIterator]() as AsyncGenerator,
    'text()': (stream) => stream.text(),
    'batches()': (stream) => stream.batches(),
    'chunks()': (stream) => stream.chunks(),
    'toolInput()': (stream) => toolInput(stream),
    'a branch of tee()': (stream) => {
      const [left, right] = tee(stream)
      right.abort()
      return left.text()
    },
  }
  const call = { ...blockStart, index: 1, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } }
  it.each(Object.entries(ways))('comes out of %s, and ends the request', async (_, way) => {
    for (const sent of [
      frames(start, blockStart, delta('a'), call),
      answer('a', 'b').replace(frames(blockStop), frames(blockStop, call)),
    ]) {
      const { stream, exchange } = held([sent])
      const pieces = way(stream)
      await pieces.next()
      expect(await failureOf(pieces.throw(new Error('mine')))).toMatchObject({ message: 'mine' })
      expect(exchange().open).toBe(false)
      expect(await pieces.next()).toMatchObject({ done: true })
    }
  })
})

it('a pipeline whose sink fails ends the request, since iterator.throw() leaves the loop, too', async () => {
  const { stream, exchange } = held([frames(start, blockStart, delta('a'))])
  const texts = stream.text()
  await texts.next()
  await failureOf(texts.throw(new Error('the sink is full')))
  expect(exchange().signal.aborted).toBe(true)
})

it('a stream with wrong parameters rejects with the ConfigError, and leaves no listener', async () => {
  const { signal } = new AbortController()
  const listeners = listenersOf(signal)
  const fetch = fakeFetch(serving(answer('a')))
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch })
  const stream = streamMessage(client, { ...params, temperature: 0.5 }, { signal })
  expect(await failureOf(stream.final())).toBeInstanceOf(ConfigError)
  expect([fetch.calls, listeners.size]).toEqual([0, 0])
})

it('nothing that comes after the end spoils a whole message', async () => {
  const after = 'event: done\ndata: {}\n\ndata: {"type": nonsense}\n\n'
  for (const chunks of [[answer('a') + after], [answer('a'), after], [answer('a') + frames(start, overloaded)]]) {
    expect((await open(serving(...chunks)).stream.final()).content).toEqual([{ type: 'text', text: 'a' }])
    expect(await textOf(open(serving(...chunks)).stream)).toBe('a')
  }
})

it('an error in a gateway’s form before the first content is tried again', async () => {
  const busy = 'data: {"error":{"type":"overloaded_error","message":"busy"}}\n\n'
  const { stream, fetch } = open((exchange, attempt) => serving(attempt ? answer('a') : busy)(exchange))
  expect((await stream.final()).stop_reason).toBe('end_turn')
  expect(fetch.calls).toBe(2)
})

it('pings without end before the first content are not kept without end', async () => {
  const pings = Array.from({ length: 10_001 }, () => frames(ping))
  const fetch = fakeFetch(serving(...pings))
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch, retry: { maxRetries: 0 } })
  await expect(streamMessage(client, params).final()).rejects.toThrow('No content in 10000 chunks.')
})

describe('sharing', () => {
  it('gives both branches everything, each at its own pace', async () => {
    const { stream, fetch } = open(
      serving(frames(start, blockStart), frames(delta('a')), frames(delta('b'), blockStop, messageDelta, stop)),
    )
    const [left, right] = tee(stream)
    expect(await textOf(left)).toBe('ab')
    expect(await textOf(right)).toBe('ab')
    expect(await right.final()).toBe(await left.final())
    expect(fetch.calls).toBe(1)
  })

  it('goes on for one branch when the other stops, and ends the request with the last', async () => {
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))])
    const [left, right] = tee(stream)
    for await (const _ of left) break
    expect(exchange().signal.aborted).toBe(false)
    const events = right.batches()
    await events.next()
    exchange().write(frames(delta('b')))
    expect((await events.next()).value).toHaveLength(1)
    await events.return(undefined)
    expect(exchange().signal.aborted).toBe(true)
    expect(await failureOf(left.final())).toBeInstanceOf(RequestAbortedError)
  })

  it('does not take a chunk that only a stopped branch waited for as silence', async () => {
    vi.useFakeTimers()
    const { stream, exchange } = held([frames(start, blockStart, delta('a'))], { idleTimeoutMs: 10 })
    const [left, right] = tee(stream)
    const events = left.batches()
    await events.next()
    const waiting = failureOf(events.next())
    left.abort()
    expect(await waiting).toBeInstanceOf(RequestAbortedError)
    exchange().write(frames(delta('b')))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(exchange().signal.aborted).toBe(false)
    serving(frames(blockStop, messageDelta, stop))(exchange())
    expect((await right.final()).content).toEqual([{ type: 'text', text: 'ab' }])
  })

  it('gives both branches the same error', async () => {
    const [left, right] = tee(open(serving(frames(start, blockStart))).stream)
    expect(await failureOf(left.final())).toBe(await failureOf(right.final()))
  })

  it('relays the bytes as they came, and reads beside them', async () => {
    const sent = answer('grüß', 'dich 🙂').replaceAll('}\n\n', '}   \r\n\r\n')
    const [relayed, read] = tee(open(serving(sent.slice(0, 300), sent.slice(300))).stream)
    expect(await new Response(toReadableStream(relayed)).text()).toBe(sent)
    expect((await read.final()).content).toEqual([{ type: 'text', text: 'grüßdich 🙂' }])
  })

  it.each([
    ['in the first chunk', (sent: string) => serving(sent)],
    ['later', (sent: string) => serving(...sent.split(/(?<=\n\n)/))],
  ])('relays an error event %s as it came, and nothing after it', async (_, serve) => {
    const sent = frames(start, blockStart, delta('a'), overloaded)
    expect(await toResponse(open(serve(sent)).stream).text()).toBe(sent)
    expect(await new Response(toReadableStream(open(serve(sent)).stream)).text()).toBe(sent)
    const [relayed, read] = tee(open(serve(sent)).stream)
    const failure = failureOf(read.final())
    expect(await toResponse(relayed).text()).toBe(sent)
    expect(await failure).toBeInstanceOf(OverloadedError)
  })

  it('ends the request when the relay is cancelled', async () => {
    const { stream, exchange } = held([frames(start, blockStart)])
    const reader = toReadableStream(stream).getReader()
    await reader.read()
    await reader.cancel('gone')
    expect(exchange().signal.reason).toMatchObject({ cause: 'gone' })
  })

  it('makes a response with the right headers, and says in it what went wrong', async () => {
    const relayed = toResponse(open(serving(answer('a'))).stream, { headers: { 'x-mine': '1' } })
    expect(Object.fromEntries(relayed.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-mine': '1',
    })
    expect(await relayed.text()).toBe(answer('a'))
    const failed = toResponse(open(serving(frames(overloaded))).stream)
    expect(await failed.text()).toMatch(/^event: error\ndata: {"type":"error","error":{"type":"overloaded_error",/)
    const broken = toResponse(open((exchange) => exchange.fail(new TypeError('terminated'))).stream)
    expect(await broken.text()).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"The answer broke off."}}\n\n',
    )
  })
})

it('follows tool input while it is written', async () => {
  const call = (index: number, input = {}) => ({
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: `toolu_${index}`, name: 'f', input },
  })
  const json = (partial_json: string) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'input_json_delta', partial_json },
  })
  const { stream } = open(
    serving(
      frames(start, call(0), json('')),
      frames(json('{"path": "a')),
      frames(json('bc"}'), { type: 'content_block_stop', index: 0 }, call(1), { type: 'content_block_stop', index: 1 }),
      frames(messageDelta, stop),
    ),
  )
  const seen: unknown[] = []
  for await (const { id, input, done } of toolInput(stream)) seen.push([id, structuredClone(input), done])
  expect(seen).toEqual([
    ['toolu_0', undefined, false],
    ['toolu_0', { path: 'a' }, false],
    ['toolu_0', { path: 'abc' }, true],
    ['toolu_1', {}, true],
  ])
})
