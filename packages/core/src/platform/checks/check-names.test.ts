import { describe, expect, it } from 'vitest'
import { ConfigError, createClient, createMessage, withOptions } from '../../index.ts'

const params = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] }
const client = createClient({ apiKey: 'k', fetch: async () => Response.json({ id: 'msg_1' }) })

const spelt: [given: object, message: string][] = [
  [{ timoutMs: 5 }, 'timoutMs must be spelt timeoutMs.'],
  [{ timeout: 5 }, 'timeout must be spelt timeoutMs.'],
  [{ TimeoutMs: 5 }, 'TimeoutMs must be spelt timeoutMs.'],
  [{ header: {} }, 'header must be spelt headers.'],
  [{ defaultHeaders: {} }, 'defaultHeaders must be spelt headers.'],
  [{ beta: ['x'] }, 'beta must be spelt betas.'],
  [{ maxRetries: 0 }, 'maxRetries must be given as retry.maxRetries.'],
]

describe('an option that is meant to be another', () => {
  it.each([
    ...spelt,
    [{ baseUrl: 'https://host' }, 'baseUrl must be spelt baseURL.'],
    [{ apikey: 'k' }, 'apikey must be spelt apiKey.'],
    [{ fecth: fetch }, 'fecth must be spelt fetch.'],
    [{ middlewares: [] }, 'middlewares must be spelt middleware.'],
    [{ dangerouslyAllowBrowsers: true }, 'dangerouslyAllowBrowsers must be spelt dangerouslyAllowBrowser.'],
  ] as [object, string][])('is refused by a client, and named: %o', (given, message) => {
    expect(() => createClient(given)).toThrow(new ConfigError(message))
    expect(() => withOptions(client, given)).toThrow(new ConfigError(message))
  })

  it.each(spelt)('is refused by a call, before it is sent: %o', async (given, message) => {
    const silent = withOptions(client, { fetch: async () => expect.fail('it was sent') })
    await expect(createMessage(silent, params, given)).rejects.toThrow(new ConfigError(message))
  })
})

it.each([
  { model: 'haiku' },
  { maxTokens: 5 },
  { tools: [] },
  { cache: true },
  { temperature: 1 },
  { timeout: undefined },
])('an option that may belong to a package above is left alone: %o', async (given) => {
  expect(await createMessage(withOptions(client, given as object), params, given as object)).toEqual({ id: 'msg_1' })
})

it.each(['30', true, [30], {}])('a number of milliseconds is a number, not %j', async (timeoutMs) => {
  const message = 'timeoutMs must be 0 or more.'
  expect(() => createClient({ timeoutMs: timeoutMs as never })).toThrow(new ConfigError(message))
  await expect(createMessage(client, params, { timeoutMs: timeoutMs as never })).rejects.toThrow(message)
})

it.each(['beta-1', ['beta\n1'], ['b', 5, ''], [null]])('betas are a list of names, not %j', async (betas) => {
  expect(() => createClient({ betas: betas as never })).toThrow(/^betas must be a list/)
  await expect(createMessage(client, params, { betas: betas as never })).rejects.toThrow(/^betas must be a list/)
})

it.each(['https://[', 'https://host:99999', 'http://%', 'https://a b'])(
  '%s is no base URL, and is not asked',
  (baseURL) => {
    expect(() => createClient({ baseURL })).toThrow(new ConfigError('baseURL must be like https://host.'))
  },
)
