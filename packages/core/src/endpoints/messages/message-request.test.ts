import { describe, expect, it } from 'vitest'
import { ConfigError, createClient, type MessageParam, type MessageParams, type RequestOptions } from '../../index.ts'
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

describe('an answer that is not streamed', () => {
  const long = { ...params, max_tokens: 32_000 }
  const refuse = (options: RequestOptions, of = client) => expect(() => messageRequest(of, long, false, options))

  it('is refused where it could take longer than ten minutes, with both ways out', () => {
    refuse({}).toThrow(new ConfigError('max_tokens 32000 could take 15 min: stream it, or raise timeoutMs.'))
    refuse({ timeoutMs: 30_000 }).toThrow(ConfigError)
    expect(messageRequest(client, { ...long, max_tokens: 21_333 }, false)).toMatchObject({ stream: false })
    expect(messageRequest(client, long, true)).toMatchObject({ stream: true })
  })

  it('is sent where there is time for it', () => {
    for (const timeoutMs of [0, 900_000]) refuse({ timeoutMs }).not.toThrow()
    refuse({}, createClient({ apiKey: 'k', timeoutMs: 900_000 })).not.toThrow()
  })

  it('is asked for with a short timeout where it is short', () => {
    expect(messageRequest(client, { ...params, max_tokens: 8_192 }, false, { timeoutMs: 5_000 })).toBeDefined()
  })
})

it.each([
  [{ messages: [] }, 'messages must hold at least one.'],
  [{ messages: undefined }, 'messages must hold at least one.'],
  [{ max_tokens: -1 }, 'max_tokens must be set: 0 or more.'],
  [{ max_tokens: Number.NaN }, 'max_tokens must be set: 0 or more.'],
  [{ max_tokens: undefined }, 'max_tokens must be set: 0 or more.'],
])('%o is refused by name', (extra, message) => {
  expect(() => messageRequest(client, { ...params, ...extra } as never, true)).toThrow(new ConfigError(message))
})

it('the βs of a request go where those of the call go, and not into its body', () => {
  const withBetas = { ...params, betas: ['a-2026-01-01'] }
  for (const request of [messageRequest(client, withBetas, false), countRequest(client, withBetas)]) {
    expect(request.betas).toEqual(['a-2026-01-01'])
    expect(request.body).not.toHaveProperty('betas')
  }
})
