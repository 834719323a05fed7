import { expectTypeOf, test } from 'vitest'
import { type Client, type ClientOptions, createClient } from '../index.ts'

test('a client is made of options that are all optional, and undefined is as good as absent', () => {
  expectTypeOf(createClient).parameters.toEqualTypeOf<[options?: ClientOptions | undefined]>()
  expectTypeOf(createClient).returns.toEqualTypeOf<Client>()
  createClient({ apiKey: process.env.MY_KEY, authToken: undefined, timeoutMs: undefined, retry: undefined })
  createClient({ apiKey: () => 'k', authToken: async () => 't', logger: console, fetch })
})

test('settings are read, not written', () => {
  const client = createClient()
  // @ts-expect-error made once
  client.timeoutMs = 5
  // @ts-expect-error there is no such option
  createClient({ timeout: 5 })
})
