import { expectTypeOf, test } from 'vitest'
import {
  type Client,
  countTokens,
  createMessage,
  type Exchange,
  type Message,
  type MessageParams,
  type RequestOptions,
  readJSON,
  send,
} from '../../index.ts'

declare const client: Client
declare const params: MessageParams

test('a message is promised, and tokens are counted', () => {
  expectTypeOf(createMessage(client, params)).resolves.toEqualTypeOf<Message>()
  const { max_tokens: _, ...counted } = params
  expectTypeOf(countTokens(client, counted)).resolves.toEqualTypeOf<{ input_tokens: number }>()
  expectTypeOf(createMessage).parameter(2).toEqualTypeOf<RequestOptions | undefined>()
})

test('max_tokens is asked for, and stream is not taken', () => {
  // @ts-expect-error max_tokens is missing
  createMessage(client, { model: 'claude-haiku-4-5', messages: [] })
  // @ts-expect-error streaming is another function
  createMessage(client, { ...params, stream: true })
})

test('send brings what its reader reads', () => {
  const spec = { method: 'GET', path: '/v1/models' }
  expectTypeOf(send(client, spec, {}, async () => 5)).resolves.toEqualTypeOf<number>()
  expectTypeOf(send(client, spec, {}, readJSON<string[]>)).resolves.toEqualTypeOf<string[]>()
  expectTypeOf<Exchange['requestId']>().toEqualTypeOf<string | undefined>()
})
