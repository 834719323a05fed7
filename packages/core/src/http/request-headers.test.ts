import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Client, type ClientOptions, ConfigError, createClient, type RequestOptions } from '../index.ts'
import { requestHeaders } from './request-headers.ts'

beforeEach(() => {
  for (const name of ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']) {
    vi.stubEnv(name, '')
  }
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const spec = { method: 'POST', path: '/v1/messages' }
const headersFor = (client: Client, options: RequestOptions, refresh = false) =>
  requestHeaders({ client, spec, options, body: '{}', headers: [] }, refresh)
const headersOf = (options: ClientOptions, call: RequestOptions = {}) => headersFor(createClient(options), call)
const credentialOf = async (options: ClientOptions) => {
  const headers = await headersOf(options)
  return [headers.get('x-api-key'), headers.get('authorization'), headers.get('anthropic-beta')]
}

describe('the credential', () => {
  it.each<[name: string, options: ClientOptions, sent: (string | null)[]]>([
    ['a key', { apiKey: 'k' }, ['k', null, null]],
    ['a token', { authToken: 't' }, [null, 'Bearer t', null]],
    ['an OAuth token', { authToken: 'sk-ant-oat01-t' }, [null, 'Bearer sk-ant-oat01-t', 'oauth-2025-04-20']],
    ['an OAuth token as key', { apiKey: 'sk-ant-oat01-t' }, [null, 'Bearer sk-ant-oat01-t', 'oauth-2025-04-20']],
    ['both', { apiKey: 'k', authToken: 't' }, ['k', null, null]],
    ['a function for each', { apiKey: () => '', authToken: async () => 't' }, [null, 'Bearer t', null]],
    ['a key that a file ended with a line', { apiKey: 'k\r\n' }, ['k', null, null]],
    ['a token that a file ended with a line', { authToken: 't\n' }, [null, 'Bearer t', null]],
    ['an empty key and a token', { apiKey: '', authToken: 't' }, [null, 'Bearer t', null]],
  ])('from %s', async (_, options, sent) => {
    expect(await credentialOf(options)).toEqual(sent)
  })

  it('that is passed as a token wins over a key in the environment, and a key over a token there', async () => {
    vi.stubEnv('CLAUDE_API_KEY', 'env')
    expect(await credentialOf({ authToken: 't' })).toEqual([null, 'Bearer t', null])
    vi.stubEnv('CLAUDE_API_KEY', '')
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'env')
    expect(await credentialOf({ apiKey: 'k' })).toEqual(['k', null, null])
  })

  it.each(['authorization', 'X-Api-Key'])('is not asked for where the caller sends %s', async (name) => {
    const apiKey = () => expect.fail('it was asked')
    expect((await headersOf({ apiKey, headers: { [name]: 'mine' } })).get(name)).toBe('mine')
    expect((await headersOf({ apiKey }, { headers: { [name]: 'mine' } })).get(name)).toBe('mine')
  })

  it('is missed with advice', async () => {
    for (const options of [{}, { apiKey: '' }, { apiKey: () => '' }, { authToken: async () => '' }]) {
      await expect(headersOf(options)).rejects.toThrow(ConfigError)
      await expect(headersOf(options)).rejects.toThrow(/apiKey, authToken or ANTHROPIC_API_KEY must be set/)
    }
  })

  it('of a function that fails fails with its error', async () => {
    const own = new Error('the vault is shut')
    await expect(headersOf({ apiKey: () => Promise.reject(own) })).rejects.toBe(own)
  })

  it.each([{ apiKey: 'se\ncret' }, { authToken: 'se\r\ncret' }, { apiKey: 'secret✓' }, { apiKey: () => 'se\0cret' }])(
    'that no header can carry is refused by name, and not printed',
    async (options) => {
      const error = await headersOf(options).catch((error) => error)
      expect(error).toBeInstanceOf(ConfigError)
      expect(error.message).toMatch(/^apiKey or authToken must be one line/)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/cret/)
    },
  )
})

describe('headers of the caller', () => {
  it('win: those of the call over those of the client over our own', async () => {
    const headers = await headersOf(
      { apiKey: 'k', headers: { 'user-agent': 'mine', 'content-type': 'client', 'x-a': 'client' } },
      { headers: [['Content-Type', 'call']] },
    )
    expect([...headers]).toEqual(
      Object.entries({
        'anthropic-version': '2026-10-21',
        'content-type': 'call',
        'user-agent': 'mine',
        'x-a': 'client',
        'x-api-key': 'k',
      }),
    )
  })

  it.each(['a\nb', 'a\0b', '✓'])('with the value %j are refused by name', async (value) => {
    const headers = { 'x-mine': value }
    expect(() => createClient({ headers })).toThrow(new ConfigError('headers must be one line of Latin-1.'))
    await expect(headersOf({ apiKey: 'k' }, { headers })).rejects.toThrow(ConfigError)
  })
})

it('betas of client, call, header and token are sent together', async () => {
  const headers = await headersOf(
    { apiKey: 'sk-ant-oat01-t', betas: ['a'], headers: { 'anthropic-beta': 'x' } },
    { betas: ['b'] },
  )
  expect(headers.get('anthropic-beta')?.split(/, ?/)).toEqual(['x', 'a', 'b', 'oauth-2025-04-20'])
})

it('requests that follow each other share nothing', async () => {
  const client = createClient({ apiKey: 'sk-ant-oat01-t', betas: ['a'] })
  await headersFor(client, { headers: { 'x-a': '1' }, betas: ['b'] })
  const headers = await headersFor(client, {})
  expect([headers.get('x-a'), headers.get('anthropic-beta'), client.betas]).toEqual([null, 'a,oauth-2025-04-20', ['a']])
})
