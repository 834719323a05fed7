const { createAgent } = require('@enjamb/agent')
const { createChat } = require('@enjamb/chat')
const { ConfigError } = require('@enjamb/core')
const { mockFetch } = require('@enjamb/testing')
const { toolset } = require('@enjamb/tools')

test('a chat streams', async () => {
  const chat = createChat({ model: 'haiku', apiKey: 'key', fetch: mockFetch() })
  expect(await chat.collect('Hi')).toBe('You said: Hi')
  expect(() => createChat({ apiKeys: 'key' })).toThrow(ConfigError)
  expect(toolset([]).definitions).toEqual([])
  expect(createAgent).toBeInstanceOf(Function)
})
