import { describe, expect, it } from 'vitest'
import { ConfigError, createClient, type MessageParam, type MessageParams } from './index.ts'
import { countRequest, messageRequest } from './message-request.ts'

const client = createClient({ apiKey: 'k' })
const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const source = { type: 'text', media_type: 'text/plain', data: 'x' } as const
const cited = { type: 'char_location' } as never
const said = (role: string, block: unknown): MessageParam[] => [{ role, content: [block] } as never]

const refused: [name: string, params: Partial<MessageParams>][] = [
  ['temperature', { temperature: 1 }],
  ['top_p', { top_p: 0.5 }],
  ['top_k', { top_k: 0 }],
  ['assistant document', { messages: said('assistant', { type: 'document', source }) }],
  ['user citations', { messages: said('user', { type: 'text', text: 'x', citations: [cited] }) }],
]

describe('under the version 2026-10-21', () => {
  it.each(refused)('%s is refused before sending, with both ways out', (name, extra) => {
    for (const request of [
      () => messageRequest(client, { ...params, ...extra }, false),
      () => countRequest(client, { ...params, ...extra } as never),
    ]) {
      expect(request).toThrow(ConfigError)
      expect(request).toThrow(new RegExp(`${name}.*drop it.*2023-06-01`))
    }
  })

  it.each<[string, Partial<MessageParams>]>([
    ['a parameter that is there and undefined', { temperature: undefined as never }],
    ['a document of the user', { messages: said('user', { type: 'document', source, citations: { enabled: true } }) }],
    ['user text whose citations are none', { messages: said('user', { type: 'text', text: 'x', citations: [] }) }],
    ['what the assistant cited', { messages: said('assistant', { type: 'text', text: 'x', citations: [cited] }) }],
    ['a long text', { messages: [{ role: 'user', content: 'x'.repeat(1_000_000) }] }],
  ])('%s passes', (_, extra) => {
    expect(messageRequest(client, { ...params, ...extra }, true).body).toMatchObject({ stream: true })
  })
})

it.each(refused)('under 2023-06-01, %s passes', (_, extra) => {
  const old = createClient({ apiKey: 'k', apiVersion: '2023-06-01' })
  expect(messageRequest(old, { ...params, ...extra }, false).body).toEqual({ ...params, ...extra, stream: false })
})

it('a request leaves the parameters as they are', () => {
  const frozen = Object.freeze({ ...params })
  expect(messageRequest(client, frozen, false).body).toEqual({ ...params, stream: false })
})
