import { createAgent } from '@enjamb/agent'
import { createChat } from '@enjamb/chat'
import { ConfigError } from '@enjamb/core'
import { mockFetch } from '@enjamb/testing'
import { toolset } from '@enjamb/tools'

test('a chat streams', async () => {
  const chat = createChat({ model: 'haiku', apiKey: 'key', fetch: mockFetch() })
  expect(await chat.collect('Hi')).toBe('You said: Hi')
  expect(() => createChat({ apiKeys: 'key' })).toThrow(ConfigError)
  expect(toolset([]).definitions).toEqual([])
  expect(createAgent).toBeInstanceOf(Function)
})
