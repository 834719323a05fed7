import { inspect } from 'node:util'
import { expect, it, vi } from 'vitest'
import { ConfigError, createClient, createMessage, type MessageParams, withOptions } from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

/** A fetch that remembers what it was called with. */
function recorder() {
  const sent: { url: string; headers: Headers }[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    sent.push({ url: String(url), headers: init?.headers as Headers })
    return Response.json({ id: 'msg_1' })
  }
  return { sent, fetch: fetch as typeof globalThis.fetch }
}

it('a derived client differs in what is given, and only there', async () => {
  const { sent, fetch } = recorder()
  const client = createClient({
    apiKey: 'k',
    fetch,
    headers: { 'x-a': '1', 'x-b': '1' },
    betas: ['a'],
    retry: { maxRetries: 7 },
  })
  const derived = withOptions(client, {
    baseURL: 'https://gateway.example/v1',
    headers: { 'x-b': '2' },
    retry: { baseDelayMs: 1 },
    timeoutMs: 5,
  })
  expect(derived).toMatchObject({ timeoutMs: 5, idleTimeoutMs: client.idleTimeoutMs })
  expect([derived.retry.maxRetries, derived.retry.baseDelayMs, client.retry.baseDelayMs]).toEqual([7, 1, 500])
  await createMessage(derived, params)
  await createMessage(client, params)
  expect(sent.map(({ url }) => url)).toEqual([
    'https://gateway.example/v1/messages?beta=true',
    'https://api.anthropic.com/v1/messages?beta=true',
  ])
  expect(sent.map(({ headers }) => `${headers.get('x-a')}${headers.get('x-b')}${headers.get('x-api-key')}`)).toEqual([
    '12k',
    '11k',
  ])
})

it('another credential takes the place of whichever was there', async () => {
  const { sent, fetch } = recorder()
  const client = createClient({ apiKey: 'k', fetch })
  await createMessage(withOptions(client, { authToken: 't' }), params)
  await createMessage(withOptions(withOptions(client, { authToken: 't' }), { apiKey: 'k2' }), params)
  expect(sent.map(({ headers }) => [headers.get('x-api-key'), headers.get('authorization')])).toEqual([
    [null, 'Bearer t'],
    ['k2', null],
  ])
})

it('what is wrong is refused, and a credential is printed by neither client', () => {
  const client = createClient({ apiKey: 'very-secret' })
  expect(() => withOptions(client, { timeoutMs: -1 })).toThrow(new ConfigError('timeoutMs must be 0 or more.'))
  expect(() => withOptions(client, { baseURL: 'host' })).toThrow(ConfigError)
  for (const printed of [
    inspect(withOptions(client, {})),
    JSON.stringify(withOptions(client, { authToken: 'secret' })),
  ]) {
    expect(printed).not.toContain('secret')
  }
})

it('a key and a token from one place are one too many, which is said; from two places they are not', () => {
  const warn = vi.fn()
  createClient({ apiKey: 'k', authToken: 't', logger: { warn } })
  expect(warn.mock.calls).toEqual([['Both an apiKey and an authToken are given: the apiKey is used.']])
  vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 't')
  createClient({ apiKey: 'k', logger: { warn } })
  expect(warn).toHaveBeenCalledTimes(1)
  vi.stubEnv('CLAUDE_API_KEY', 'k')
  createClient({ logger: { warn } })
  expect(warn).toHaveBeenCalledTimes(2)
  vi.unstubAllEnvs()
})

it('null removes a header, of our own too, and undefined leaves it', async () => {
  const { sent, fetch } = recorder()
  const client = createClient({ apiKey: 'k', fetch, headers: { 'user-agent': null, 'x-a': '1', 'x-b': '1' } })
  await createMessage(client, params, { headers: { 'X-A': null, 'x-b': undefined, 'anthropic-version': null } })
  const { headers } = sent[0]!
  expect(['user-agent', 'x-a', 'x-b', 'anthropic-version'].map((name) => headers.get(name))).toEqual([
    null,
    null,
    '1',
    null,
  ])
})

it('a credential that is removed is not missed', async () => {
  const { sent, fetch } = recorder()
  await createMessage(createClient({ fetch, headers: { 'x-api-key': null } }), params)
  expect(sent[0]?.headers.get('x-api-key')).toBeNull()
})

it('a client shows no key, however it is printed', () => {
  const client = createClient({ apiKey: 'plain-secret', headers: { 'x-mine': 'my-secret' } })
  const derived = withOptions(client, { authToken: 'other-secret' })
  for (const one of [client, derived]) {
    const printed = [inspect(one), inspect(one, { showHidden: true, depth: 9 }), JSON.stringify(one), `${[one]}`]
    expect(printed.join()).not.toContain('secret')
  }
  expect([client.apiKey, derived.apiKey, derived.authToken]).toEqual(['plain-secret', undefined, 'other-secret'])
})
