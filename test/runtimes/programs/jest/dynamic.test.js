test('a chat streams', async () => {
  const { createChat } = await import('@enjamb/chat')
  const { mockFetch } = await import('@enjamb/testing')
  const chat = createChat({ model: 'haiku', apiKey: 'key', fetch: mockFetch() })
  expect(await chat.collect('Hi')).toBe('You said: Hi')
})
