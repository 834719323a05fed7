import type { Cost, MessageParam } from '@enjamb/core'
import { toolset } from '@enjamb/tools'
import { expectTypeOf, test } from 'vitest'
import {
  type AutoReply,
  type BatchReply,
  type BatchResult,
  batch,
  type Chat,
  conversation,
  createChat,
  type FallbackReply,
  fromUIMessages,
  type Reply,
  streamBatch,
  toMessages,
  withAuto,
  withFallback,
} from './index.ts'

const chat = createChat({ apiKey: 'key' })

test('a result is a reply or an error, never both', async () => {
  expectTypeOf(batch(chat, ['a'])).resolves.toEqualTypeOf<BatchReply>()
  for await (const result of streamBatch(chat, ['a'])) {
    expectTypeOf(result).toEqualTypeOf<BatchResult>()
    if (result.status === 'completed') expectTypeOf(result.reply).toEqualTypeOf<Reply>()
    else expectTypeOf(result.error).toEqualTypeOf<Error>()
    expectTypeOf(result.cost).toEqualTypeOf<Cost | undefined>()
  }
  batch(chat, ['a'], { via: 'batches', onSubmit: (id) => id.length, pollMs: 5 })
  // @ts-expect-error an id is for a message batch
  batch(chat, ['a'], { onSubmit: () => {} })
  // @ts-expect-error
  batch(chat, ['a'], { via: 'post' })
})

test('a wrapped chat is a chat, with more to its replies', () => {
  expectTypeOf(withAuto(chat)).toExtend<Chat>()
  expectTypeOf(withFallback(withAuto(chat), { models: ['opus'] })).toExtend<Chat>()
  expectTypeOf(withAuto(chat).chat('Hi')).resolves.toEqualTypeOf<AutoReply>()
  expectTypeOf(
    withFallback(chat, { models: ['opus'] })
      .stream('Hi')
      .final(),
  ).resolves.toEqualTypeOf<FallbackReply>()
  // @ts-expect-error models
  withFallback(chat, {})
})

test('a toolset is what tools takes', () => {
  chat.chat('Hi', { tools: toolset([]), maxTurns: 3 })
  // @ts-expect-error a list brings no loop
  chat.chat('Hi', { tools: [] })
})

test('histories are those of the API', () => {
  expectTypeOf(toMessages({} as Reply)).toEqualTypeOf<MessageParam[]>()
  expectTypeOf(conversation(chat).getSnapshot().messages).toEqualTypeOf<readonly MessageParam[]>()
  expectTypeOf(fromUIMessages([])).toEqualTypeOf<MessageParam[]>()
})
