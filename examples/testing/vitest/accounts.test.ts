import { expect, it } from 'vitest'
import { mock } from './mock.ts'
import { summarize } from './summarize.ts'

it('sends what it should', async () => {
  const server = await mock('Fine.')
  await summarize('A long story.')
  expect(server.requests).toMatchObject([
    { path: '/v1/messages', body: { max_tokens: 500, messages: [{ role: 'user', content: 'A long story.' }] } },
  ])
})

it('costs less than a cent', async () => {
  const server = await mock()
  for (const story of ['One.', 'Two.', 'Three.']) await summarize(story)
  expect(server.ledger.answers).toBe(3)
  expect(server.ledger.inputTokens).toBeLessThan(100)
  expect(server.ledger.cost.usd).toBeLessThan(0.01)
})
