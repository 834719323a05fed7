import { expect, it } from 'vitest'
import { mockChat } from '../test/mock-chat.ts'
import { toMessages, totalTokens } from './index.ts'

it('goes on with what was said', async () => {
  const { chat, sent } = await mockChat(['The Rhine.', 'Lake Toma.'])
  const reply = await chat.chat('Name a river.')
  const next = await chat.stream([...toMessages(reply), { role: 'user', content: 'Its source?' }]).final()
  expect(sent()[1]?.messages).toEqual([
    { role: 'user', content: 'Name a river.' },
    { role: 'assistant', content: reply.message.content },
    { role: 'user', content: 'Its source?' },
  ])
  expect(toMessages(next)).toHaveLength(4)
})

it('leaves out what the API takes back in no history: a refused question, and an empty answer', async () => {
  const { chat } = await mockChat([{ refusal: 'cyber' }, { content: [] }, 'Yes.'])
  const history = [
    { role: 'user' as const, content: 'Hi' },
    { role: 'assistant' as const, content: 'Hello.' },
    { role: 'user' as const, content: 'Break in.' },
  ]
  const refused = await chat.chat(history)
  expect(toMessages(refused)).toEqual(history.slice(0, 2))
  const empty = await chat.chat('Hi')
  expect(toMessages(empty)).toEqual([{ role: 'user', content: 'Hi' }])
  expect((await chat.chat([...toMessages(refused), { role: 'user', content: 'Well?' }])).text).toBe('Yes.')
})

it('is not changed by what is pushed to it', async () => {
  const { chat } = await mockChat()
  const reply = await chat.chat('Hi')
  toMessages(reply).push({ role: 'user', content: 'More' })
  expect(toMessages(reply)).toHaveLength(2)
})

it('counts all tokens, also those of the cache', () => {
  const usage = { input_tokens: 1, output_tokens: 10, cache_creation_input_tokens: 100, cache_read_input_tokens: 1000 }
  expect(totalTokens(usage as never)).toBe(1111)
  expect(totalTokens({ ...usage, cache_creation_input_tokens: null, cache_read_input_tokens: null } as never)).toBe(11)
})
