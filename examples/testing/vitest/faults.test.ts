import { expect, it } from 'vitest'
import { mock } from './mock.ts'
import { summarize } from './summarize.ts'

it('is refused twice, then answered', async () => {
  const busy = { error: { status: 429, headers: { 'retry-after-ms': '1' } } }
  const server = await mock({ times: 2, reply: busy }, 'At last.')
  expect(await summarize('A story.')).toBe('At last.')
  expect(server.requests).toHaveLength(3)
})

it('fails as the API fails', async () => {
  await mock({ error: { status: 400, message: 'Your credit balance is too low to access the Anthropic API.' } })
  await expect(summarize('A story.')).rejects.toThrow('credit balance')
})
