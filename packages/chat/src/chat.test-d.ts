import type { Message, MessageParam, MessageParams } from '@enjamb/core'
import type { MessageStream } from '@enjamb/stream'
import { expectTypeOf, test } from 'vitest'
import { type ChatOptions, createChat, type Reply } from './index.ts'

const chat = createChat({ apiKey: 'key' })

test('a call gives a reply, a stream its text', async () => {
  expectTypeOf(chat.chat('Hi')).resolves.toEqualTypeOf<Reply>()
  expectTypeOf(chat.collect('Hi')).resolves.toEqualTypeOf<string>()
  const stream = chat.stream([{ role: 'user', content: 'Hi' }])
  for await (const { text } of stream) expectTypeOf(text).toEqualTypeOf<string>()
  for await (const text of stream.text()) expectTypeOf(text).toEqualTypeOf<string>()
  expectTypeOf(stream.final()).resolves.toEqualTypeOf<Reply>()
  expectTypeOf(stream.source).toEqualTypeOf<MessageStream>()
})

test('an answer can be sent back', () => {
  const { content } = {} as Message
  expectTypeOf<{ role: 'assistant'; content: Message['content'] }>().toExtend<MessageParam>()
  const messages: MessageParam[] = [{ role: 'assistant', content }]
  chat.chat(messages)
})

test('a model is an alias, an id, or any text that became one', () => {
  chat.chat('Hi', { model: 'haiku' })
  chat.chat('Hi', { model: 'claude-opus-5-5' })
  chat.chat('Hi', { model: process.env.MODEL })
})

test('an option may be undefined, and a wrong one is an error', () => {
  chat.chat('Hi', { model: undefined, signal: undefined, thinking: undefined, cache: undefined })
  // @ts-expect-error: sampling is for a call
  createChat({ temperature: 1 })
  // @ts-expect-error: the API's own names stand in `body`
  chat.chat('Hi', { max_tokens: 5 })
  // @ts-expect-error
  chat.chat('Hi', { cache: '2h' })
  // @ts-expect-error
  chat.chat('Hi', { thinking: { budget_tokens: 5 } })
  expectTypeOf<{ body: Partial<MessageParams> }>().toExtend<ChatOptions>()
})
