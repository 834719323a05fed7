import { createClient, OverloadedError, StreamParseError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { type FakeExchange, fakeFetch } from '../../test/fake-fetch.ts'
import { blockStart, blockStop, delta, frames, messageDelta, overloaded, start, stop } from '../../test/wire-text.ts'
import { type MessageStream, streamMessage, tee, toResponse } from '../index.ts'

function open(...chunks: string[]) {
  const opened: FakeExchange[] = []
  const fetch = fakeFetch((exchange) => {
    opened.push(exchange)
    for (const chunk of chunks) exchange.write(chunk)
    if (chunks.at(-1)?.endsWith(frames(stop))) exchange.end()
  })
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch, retry: { maxRetries: 0 } })
  const params = { model: 'm-1', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  return { stream: streamMessage(client, params), opened }
}

async function readAll(stream: MessageStream): Promise<{ types: string[]; error: unknown }> {
  const types: string[] = []
  try {
    for await (const event of stream) types.push(event.type)
    return { types, error: undefined }
  } catch (error) {
    return { types, error }
  }
}

describe('a chunk in which an event is wrong', () => {
  const outOfOrder = { ...delta('x'), index: 7 }
  const before = ['message_start', 'content_block_start', 'content_block_delta', 'content_block_delta']

  it('gives the events before it, and neither it nor what stands behind it', async () => {
    const { stream } = open(frames(start, blockStart, delta('a'), delta('b'), outOfOrder, delta('c'), blockStop, stop))
    const { types, error } = await readAll(stream)
    expect(types).toEqual(before)
    expect(error).toBeInstanceOf(StreamParseError)
    expect(error).toMatchObject({ partial: { content: [{ text: 'ab' }] } })
  })

  it('ends with the first of two errors', async () => {
    const broken = 'data: {"type": nonsense}\n\n'
    const first = open(frames(start, blockStart, delta('a'), delta('b'), outOfOrder) + broken)
    expect(await readAll(first.stream)).toEqual({ types: before, error: expect.any(StreamParseError) })
    expect(
      (await readAll(open(frames(start, blockStart, delta('a'), delta('b'), overloaded) + broken).stream)).error,
    ).toBeInstanceOf(OverloadedError)
    const message = await first.stream.final().catch((error) => error.message)
    expect(message).toContain('block 7')
  })
})

it.each([
  ['text/html; charset=utf-8', 1, /^No events came, but text\/html; charset=utf-8\. Is baseURL right\?$/],
  ['application/json', 1, /^No events came, but application\/json/],
  ['text/event-stream; charset=utf-8', 2, /ended before its first content/],
  [undefined, 2, /ended before its first content/],
])('an answer of the type %s without an event is asked for %i times', async (type, times, message) => {
  let attempts = 0
  const fetch = async () => {
    attempts++
    const body = new Blob(['<!doctype html><title>Welcome</title>']).stream()
    return new Response(body, { headers: type ? { 'content-type': type } : {} })
  }
  const retry = { maxRetries: 1, decide: (_: unknown, delayMs?: number) => delayMs && 0 }
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch, retry })
  const params = { model: 'm-1', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  await expect(streamMessage(client, params).final()).rejects.toThrow(message)
  expect(attempts).toBe(times)
})

describe('a relay', () => {
  it('passes on after the first content what is no event at all', async () => {
    const sent = [frames(start, blockStart, delta('a')), 'data: {"type": nonsense}\n\n', '\0\n\n', frames(delta('b'))]
    const { stream, opened } = open(...sent)
    const reader = toResponse(stream).body!.pipeThrough(new TextDecoderStream()).getReader()
    for (const text of sent) expect(await reader.read()).toEqual({ done: false, value: text })
    await reader.cancel()
    expect(opened[0]?.cancelled).toBe(true)
  })
})

describe('two branches', () => {
  it('do not wait for one another: one that is aborted rejects at once, also where nothing more arrives', async () => {
    const { stream, opened } = open(frames(start, blockStart, delta('a')))
    const [left, right] = tee(stream)
    const batches = left.batches()
    await batches.next()
    const failure = batches.next().catch((error) => error)
    left.abort('enough')
    expect(await failure).toMatchObject({ code: 'request_aborted', cause: 'enough' })
    opened[0]?.write(frames(delta('b'), blockStop, messageDelta, stop))
    opened[0]?.end()
    expect((await right.final()).content).toEqual([{ type: 'text', text: 'ab' }])
  })

  it('go on alone: what is aborted twice has left once, and rejects at once', async () => {
    const { stream, opened } = open(frames(start, blockStart, delta('a')))
    const [left, right] = tee(stream)
    const batches = left.batches()
    await batches.next()
    left.abort('enough')
    left.abort('again')
    await expect(batches.next()).rejects.toMatchObject({ code: 'request_aborted', cause: 'enough' })
    expect(opened[0]?.cancelled).toBe(false)
    opened[0]?.write(frames(blockStop, messageDelta, stop))
    opened[0]?.end()
    expect((await right.final()).content).toEqual([{ type: 'text', text: 'a' }])
  })

  it('end the request when both are aborted, each with its own reason, and not before', async () => {
    const { stream, opened } = open(frames(start, blockStart, delta('a')))
    const branches = tee(stream)
    const reading = branches.map(async (branch) => {
      const batches = branch.batches()
      await batches.next()
      return batches.next().catch((error) => error)
    })
    await new Promise((resolve) => setTimeout(resolve))
    branches[0].abort('left')
    await new Promise((resolve) => setTimeout(resolve))
    expect(opened[0]?.cancelled).toBe(false)
    branches[1].abort('right')
    expect(await Promise.all(reading)).toMatchObject([
      { code: 'request_aborted', cause: 'left' },
      { code: 'request_aborted', cause: 'right' },
    ])
    expect(opened[0]?.cancelled).toBe(true)
  })
})

it('gives the same message whichever deltas share a chunk', async () => {
  const texts = ['a', 'ü', '😀', '"', '\n', 'last']
  const whole = [start, blockStart, ...texts.map((text) => delta(text)), blockStop, messageDelta, stop]
  const alone = await open(...whole.map((event) => frames(event))).stream.final()
  const together = await open(frames(...whole)).stream.final()
  expect(together).toEqual(alone)
  expect(together.content).toEqual([{ type: 'text', text: texts.join('') }])
})
