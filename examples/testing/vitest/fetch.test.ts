import { createClient, createMessage } from '@enjamb/core'
import { mockFetch, script } from '@enjamb/testing'
import { expect, it } from 'vitest'

it('needs no server', async () => {
  const fetch = mockFetch({ script: script(['No socket was opened.']) })
  const message = await createMessage(createClient({ apiKey: 'any', fetch }), {
    model: 'claude-haiku-5-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  })
  // The model thinks before it speaks, so the text is not the first block.
  expect(message.content.find(({ type }) => type === 'text')).toMatchObject({ text: 'No socket was opened.' })
  expect(fetch.requests).toHaveLength(1)
})
