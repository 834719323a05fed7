import Anthropic from '@anthropic-ai/sdk'
import { expect, it } from 'vitest'
import { mockFetch, script } from '../src/index.ts'

const params = (text: string) => ({
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: text }],
})

it('keeps a ledger of what a client would have been billed', async () => {
  const fetch = mockFetch({ script: script(['12345678', { error: 500 }, { text: 'x', cutAfterEvents: 2 }]) })
  const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 })
  await client.messages.create(params('Hi'))
  await client.messages.create(params('Hi')).catch(() => {})
  await client.messages
    .stream(params('Hi'))
    .finalMessage()
    .catch(() => {})
  // 5 and 5 tokens in at 4,000 nano-dollars, 2 and 1 out at 20,000.
  expect(fetch.ledger).toMatchObject({
    answers: 2,
    inputTokens: 10,
    outputTokens: 3,
    cost: { nanoUsd: 100_000, usd: 0.0001 },
    entries: [{ model: 'claude-opus-5-5', cost: { input: 20_000, output: 40_000 } }, { usage: { output_tokens: 1 } }],
  })
})

it('enforces rate limits, and says so in its headers', async () => {
  const fetch = mockFetch({ rateLimits: { requestsPerMinute: 1 }, now: () => 0 })
  const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 })
  const { response } = await client.messages.create(params('Hi')).withResponse()
  expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0')
  const error = await client.messages.create(params('Hi')).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Anthropic.RateLimitError)
  expect((error as { headers: Headers }).headers.get('retry-after')).toBe('60')
})

it('shows the prompt cache in the usage of streams and whole messages alike', async () => {
  const client = new Anthropic({ apiKey: 'k', fetch: mockFetch() })
  const system = [{ type: 'text' as const, text: 'x'.repeat(8000), cache_control: { type: 'ephemeral' as const } }]
  const first = await client.messages.create({ ...params('Hi'), system })
  const second = await client.messages.stream({ ...params('Hi'), system }).finalMessage()
  expect(first.usage).toMatchObject({ cache_creation_input_tokens: 2000, cache_read_input_tokens: 0, input_tokens: 5 })
  expect(second.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 2000, input_tokens: 5 })
})
