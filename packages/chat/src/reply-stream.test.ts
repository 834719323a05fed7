import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { ConfigError, type MessageParam, StreamInterruptedError } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { createChat } from './index.ts'

let server: MockServer
afterEach(() => server.close())

async function setUp(...turns: Turn[]) {
  server = await createMockServer({ script: script(turns) })
  return createChat({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 } })
}

it('asks what was asked, though the list is longer by the time the stream is read', async () => {
  const chat = await setUp()
  const messages: MessageParam[] = [{ role: 'user', content: 'Hi' }]
  const stream = chat.stream(messages)
  const answer = { role: 'assistant' as const, content: '' }
  messages.push(answer)
  for await (const { text } of stream) answer.content += text
  expect(answer.content).toBe('You said: Hi')
})

it('fails once where a loop and a final() beside it are cut off', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  const chat = await setUp({ text: 'Some words that do not all arrive.', cutAfterEvents: -3 })
  const stream = chat.stream('Hi')
  const finals: Promise<unknown>[] = []
  const loop = async () => {
    for await (const _ of stream) finals.push(stream.final())
  }
  await expect(loop()).rejects.toThrow(StreamInterruptedError)
  await setImmediate()
  expect(unhandled).not.toHaveBeenCalled()
  await expect(finals[0]).rejects.toThrow(StreamInterruptedError)
})

it('is read once, and has the same reply for whoever asks after it', async () => {
  const chat = await setUp('A few words, in some pieces.')
  const stream = chat.stream('Hi')
  let text = ''
  for await (const piece of stream.text()) text += piece
  for (const again of [stream.text(), stream]) {
    await expect(again[Symbol.asyncIterator]().next()).rejects.toThrow(ConfigError)
  }
  expect(await stream.final()).toMatchObject({ text, stopReason: 'end_turn' })
  stream.abort()
  expect(await stream.final()).toEqual(await stream.final())
})

it('listens to no signal any more, however it was left', async () => {
  const chat = await setUp('One of these.', 'One of these.', 'One of these.', { error: 400 })
  const { signal } = new AbortController()
  await chat.chat('Hi', { signal })
  await chat.collect('Hi', { signal })
  for await (const _ of chat.stream('Hi', { signal })) break
  await chat.collect('Hi', { signal }).catch(() => {})
  await chat.collect('', { signal }).catch(() => {})
  expect(server.requests).toHaveLength(4)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
