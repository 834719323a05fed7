import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lifetime, startTokenServer, type TokenServer } from '../../../test/token-server.ts'
import { type ClientOptions, createClient, createMessage, errorToJSON } from '../../index.ts'
import { profileOptions, workloadIdentity } from '../index.ts'

const params = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] }
const variables = ['API_KEY', 'AUTH_TOKEN', 'BASE_URL', 'PROFILE', 'FEDERATION_RULE_ID', 'ORGANIZATION_ID']
const further = ['IDENTITY_TOKEN_FILE', 'IDENTITY_TOKEN', 'SERVICE_ACCOUNT_ID', 'WORKSPACE_ID', 'SCOPE']

let server: TokenServer
let folder: string

beforeEach(async () => {
  server = await startTokenServer()
  folder = mkdtempSync(join(tmpdir(), 'enjamb-profiles-'))
  for (const name of [...variables, ...further]) vi.stubEnv(`ANTHROPIC_${name}`, '')
  vi.stubEnv('ANTHROPIC_CONFIG_DIR', folder)
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const file = (path: string, content: unknown, mode = 0o600): string => {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, typeof content === 'string' ? content : JSON.stringify(content), { mode })
  chmodSync(whole, mode)
  return whole
}
const kept = (name: string) => JSON.parse(readFileSync(join(folder, 'credentials', `${name}.json`), 'utf8'))
const ask = (options: ClientOptions) => createMessage(createClient({ retry: { maxRetries: 0 }, ...options }), params)
const caught = (call: Promise<unknown>) => call.then(() => expect.fail('it did not fail'), (error) => error) // biome-ignore format: one line

/** A profile of somebody who has signed in. */
function signIn(name: string, { left = 600, config = {}, ...more } = {}): string {
  file(`configs/${name}.json`, { authentication: { type: 'user_oauth', client_id: 'client-1' }, ...config })
  const refresh_token = server.issueRefreshToken()
  const expires_at = Math.floor(Date.now() / 1000) + left
  file(`credentials/${name}.json`, {
    access_token: server.issue(),
    refresh_token,
    expires_at,
    account_email: 'a@b.c',
    ...more,
  })
  return refresh_token
}

/** A workload's profile. */
function enrol(name: string, more: object = {}, config: object = {}): void {
  const path = file(`jwt-${name}`, 'jwt-secret-1\n')
  const authentication = {
    type: 'oidc_federation',
    federation_rule_id: 'fdrl_1',
    service_account_id: 'svac_1',
    identity_token: { source: 'file', path },
    ...more,
  }
  file(`configs/${name}.json`, { organization_id: 'org-1', authentication, ...config })
}

describe('beside the official client, with the same files and variables,', () => {
  const scenarios: [name: string, setUp: () => unknown, credentials?: string][] = [
    ['the active profile', () => [signIn('work'), file('active_config', 'work\n')], 'work'],
    ['the default profile, whose token has ended', () => void signIn('default', { left: 10 }), 'default'],
    [
      'a profile that the variable names',
      () => [signIn('ci', { left: 0 }), vi.stubEnv('ANTHROPIC_PROFILE', 'ci')],
      'ci',
    ],
    ['a profile that is asked for by name', () => signIn('mine', { left: 0 }) && 'mine', 'mine'],
    ['a workspace', () => void signIn('default', { left: 0, config: { workspace_id: 'wrkspc_1' } }), 'default'],
    ['a workspace of the environment', () => [signIn('default'), vi.stubEnv('ANTHROPIC_WORKSPACE_ID', 'wrkspc_2')]],
    ['a profile of a workload', () => void enrol('default'), 'default'],
    ['a profile of a workload with a workspace', () => void enrol('default', {}, { workspace_id: 'default' })],
    [
      'a profile of a workload that the environment completes',
      () => {
        file('configs/default.json', { authentication: { type: 'oidc_federation' } })
        vi.stubEnv('ANTHROPIC_FEDERATION_RULE_ID', 'fdrl_9')
        vi.stubEnv('ANTHROPIC_ORGANIZATION_ID', 'org-9')
        vi.stubEnv('ANTHROPIC_PROFILE', 'default')
        vi.stubEnv('ANTHROPIC_IDENTITY_TOKEN', 'jwt-9')
      },
      'default',
    ],
    [
      'the workload of the environment, over the active profile',
      () => {
        signIn('default')
        vi.stubEnv('ANTHROPIC_FEDERATION_RULE_ID', 'fdrl_2')
        vi.stubEnv('ANTHROPIC_ORGANIZATION_ID', 'org-2')
        vi.stubEnv('ANTHROPIC_SERVICE_ACCOUNT_ID', 'svac_2')
        vi.stubEnv('ANTHROPIC_IDENTITY_TOKEN', 'jwt-2')
      },
    ],
    [
      'a profile that is kept elsewhere',
      () => {
        signIn('default', { left: 0 })
        const authentication = {
          type: 'user_oauth',
          client_id: 'c',
          credentials_path: join(folder, 'credentials/else.json'),
        }
        file('configs/default.json', { authentication })
        file('credentials/else.json', { access_token: 'x', expires_at: 1, refresh_token: server.issueRefreshToken() })
      },
      'else',
    ],
  ]

  it.each(scenarios)('%s sends and keeps the same', async (_, setUp, name) => {
    const runs = []
    const clients = {
      official: (source: { profile?: string } | undefined) =>
        new Anthropic({ maxRetries: 0, ...source }).messages.create(params),
      ours: (source: { profile?: string } | undefined) => ask(profileOptions(source)),
    }
    for (const call of Object.values(clients)) {
      server.exchanges.length = server.calls.length = 0
      const made = setUp()
      const source = made === 'mine' ? { profile: 'mine' } : undefined
      await call(source)
      const secret = /sk-ant-oat01-\d+-\w+|refresh-token-\w+-\w+/g
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value).replace(secret, 'a secret'))
      runs.push({
        exchanges: server.exchanges.map(({ path, body, headers }) => [path, plain(body), headers['anthropic-beta']]),
        calls: server.calls.map(({ headers }) => [
          plain(headers.authorization),
          `${headers['anthropic-beta']}`.includes('oauth-2025-04-20'),
          headers['anthropic-workspace-id'],
        ]),
        kept: name && { ...plain(kept(name)), expires_at: Math.round(kept(name).expires_at / 100) },
      })
      vi.unstubAllEnvs()
      for (const unset of [...variables, ...further]) vi.stubEnv(`ANTHROPIC_${unset}`, '')
      vi.stubEnv('ANTHROPIC_CONFIG_DIR', folder)
      vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
      for (const rest of readdirSync(folder)) rmSync(join(folder, rest), { recursive: true })
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[1]!.calls).toHaveLength(1)
  })

  it('the host of a profile is asked for its tokens, and by the client, unless the environment names one', async () => {
    signIn('default', { left: 0, config: { base_url: server.url } })
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9')
    expect(profileOptions().baseURL).toBeUndefined()
    vi.stubEnv('ANTHROPIC_BASE_URL', '')
    await ask(profileOptions())
    await new Anthropic().messages.create(params)
    expect(server.calls).toHaveLength(2)
    expect(server.exchanges).toHaveLength(1)
  })
})

describe('a token', () => {
  const environment = () => ({ federationRuleId: 'fdrl_1', organizationId: 'org-1', identityToken: 'jwt-secret-1' })

  it('is fetched once for all calls that wait for it, and serves them until two minutes before its end', async () => {
    const client = createClient({ authToken: workloadIdentity(environment()) })
    await Promise.all(Array.from({ length: 20 }, () => createMessage(client, params)))
    pass(lifetime - 121)
    await createMessage(client, params)
    expect(server.exchanges).toHaveLength(1)
    expect(new Set(server.calls.map(({ token }) => token)).size).toBe(1)
  })

  it('near its end is replaced while the calls go on with it', async () => {
    const client = createClient({ authToken: workloadIdentity(environment()) })
    await createMessage(client, params)
    pass(lifetime - 60)
    let letGo = () => {}
    server.hold = new Promise((resolve) => {
      letGo = resolve
    })
    await Promise.all([createMessage(client, params), createMessage(client, params)])
    letGo()
    await vi.waitFor(async () => {
      await createMessage(client, params)
      expect(server.calls.at(-1)!.token).not.toBe(server.calls[0]!.token)
    })
    expect(server.exchanges).toHaveLength(2)
    expect(new Set(server.calls.slice(0, 3).map(({ token }) => token)).size).toBe(1)
  })

  it('near its end serves on while another cannot be had, which is asked for every five seconds at most', async () => {
    const client = createClient({ authToken: workloadIdentity(environment()) })
    await createMessage(client, params)
    pass(lifetime - 60)
    server.instead.push(...Array.from({ length: 9 }, () => ({ status: 503, body: {} })))
    for (let call = 0; call < 4; call++) await createMessage(client, params)
    await vi.waitFor(() => expect(server.exchanges).toHaveLength(2))
    pass(6)
    await createMessage(client, params)
    await vi.waitFor(() => expect(server.exchanges).toHaveLength(3))
  })

  it('at its end is waited for', async () => {
    const client = createClient({ authToken: workloadIdentity(environment()) })
    await createMessage(client, params)
    pass(lifetime - 20)
    await Promise.all([createMessage(client, params), createMessage(client, params)])
    expect(server.exchanges).toHaveLength(2)
    expect(new Set(server.calls.slice(1).map(({ token }) => token)).size).toBe(1)
  })

  it('that the API refuses is replaced once for all calls that it was refused to', async () => {
    const client = createClient({ authToken: workloadIdentity(environment()), retry: { maxRetries: 0 } })
    await createMessage(client, params)
    server.revoke(server.calls[0]!.token)
    await Promise.all(Array.from({ length: 10 }, () => createMessage(client, params)))
    expect(server.exchanges).toHaveLength(2)
  })

  it('comes from an identity that is read for each exchange', async () => {
    const path = file('jwt', 'jwt-secret-1\n')
    const authToken = workloadIdentity({ ...environment(), identityToken: undefined, identityTokenFile: path })
    let next = 1
    const other = workloadIdentity({ ...environment(), identityToken: async () => `jwt-of-metadata-${next++}` })
    for (const client of [createClient({ authToken }), createClient({ authToken: other })]) {
      await createMessage(client, params)
      writeFileSync(path, 'jwt-secret-2')
      pass(lifetime)
      await createMessage(client, params)
    }
    const sent = ['jwt-secret-1', 'jwt-secret-2', 'jwt-of-metadata-1', 'jwt-of-metadata-2']
    expect(server.exchanges.map(({ body }) => body.assertion)).toEqual(sent)
  })

  it('is asked for by the fetch that is given', async () => {
    const urls: string[] = []
    const fetch = (url: RequestInfo | URL, init?: RequestInit) => {
      urls.push(`${url}`)
      return globalThis.fetch(url, init)
    }
    await ask({ authToken: workloadIdentity({ ...environment(), fetch: fetch as typeof globalThis.fetch }) })
    expect(urls).toEqual([`${server.url}/v1/oauth/token`])
  })

  it('of a workload is kept with its profile, and used by the next process, until it is refused', async () => {
    enrol('default')
    await ask(profileOptions())
    await ask(profileOptions())
    expect(server.exchanges).toHaveLength(1)
    expect(kept('default').access_token).toBe(server.calls[0]!.token)
    expect(statSync(join(folder, 'credentials/default.json')).mode & 0o777).toBe(0o600)
    server.revoke(server.calls[0]!.token)
    await ask(profileOptions())
    expect(server.exchanges).toHaveLength(2)
  })

  it('of a workload need not be kept', async () => {
    enrol('default')
    file('credentials', 'in its way')
    const error = await caught(ask(profileOptions()))
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('credentials/default.json') })
    rmSync(join(folder, 'credentials'))
    file('credentials/default.json', 'no JSON', 0o600)
    rmSync(join(folder, 'credentials/default.json'))
    chmodSync(join(folder, 'credentials'), 0o500)
    await ask(profileOptions())
    expect(server.calls).toHaveLength(1)
  })

  it('that another process has renewed is taken as it is', async () => {
    signIn('default', { left: 0 })
    const client = createClient({ ...profileOptions(), retry: { maxRetries: 0 } })
    await createMessage(client, params)
    server.revoke(kept('default').access_token)
    // The other one, with its own memory.
    await ask(profileOptions())
    await createMessage(client, params)
    expect(server.exchanges).toHaveLength(2)
    expect(server.calls.at(-1)!.token).toBe(kept('default').access_token)
  })

  it('is renewed once for all clients of a process', async () => {
    signIn('default', { left: 0 })
    await Promise.all([ask(profileOptions()), ask(profileOptions())])
    expect(server.exchanges).toHaveLength(1)
  })

  it('whose refresh token another process has just used is the one that it wrote', async () => {
    const refresh_token = signIn('default', { left: 0 })
    server.hold = new Promise((resolve) => setTimeout(resolve))
    // What the other one does, which is not done writing when this one is refused.
    const other = async () => {
      await vi.waitFor(() => expect(server.exchanges).toHaveLength(1))
      file('credentials/default.json', {
        access_token: server.issue(),
        refresh_token,
        expires_at: Date.now() / 1000 + 99,
      })
    }
    server.instead.push({ status: 400, body: { error: 'invalid_grant' } })
    await Promise.all([ask(profileOptions()), other()])
    expect(server.exchanges).toHaveLength(1)
    expect(server.calls[0]!.token).toBe(kept('default').access_token)
  })

  it('keeps what else stands in its file', async () => {
    signIn('default', { left: 0 })
    await ask(profileOptions())
    expect(kept('default')).toMatchObject({ account_email: 'a@b.c', type: 'oauth_token', version: '1.0' })
    expect(readdirSync(join(folder, 'credentials'))).toEqual(['default.json'])
  })
})

describe('a credential that cannot be had', () => {
  it('is an AuthenticationError where the exchange is refused, which is asked once, and says nothing secret', async () => {
    const identityToken = 'a-jwt-that-nobody-knows'
    const authToken = workloadIdentity({ federationRuleId: 'fdrl_1', organizationId: 'org-1', identityToken })
    const error = await caught(ask({ authToken }))
    expect(error).toMatchObject({ code: 'authentication', status: 401, type: 'invalid_grant', requestId: 'req_1' })
    expect(error.message).toContain(
      'The token endpoint answered 401 invalid_grant: Not today. Does the federation rule',
    )
    expect(server.exchanges).toHaveLength(1)
  })

  it.each([
    ['echoes what it was sent', { status: 400, body: { error: 'invalid_grant', error_description: 'No jwt-secret-1', assertion: 'jwt-secret-1 cut' } }, 'authentication'], // biome-ignore format: a table
    ['answers as the API does', { status: 403, body: { type: 'error', error: { type: 'permission_error', message: 'No jwt-secret-1' } } }, 'authentication'], // biome-ignore format: a table
    ['is overloaded', { status: 529, body: { error: 'jwt-secret-1' } }, 'overloaded'],
    ['is broken', { status: 500, body: '<html>jwt-secret-1</html>' }, 'server'],
    ['limits', { status: 429, body: {}, headers: { 'retry-after': '7' } }, 'rate_limit'],
    ['gives no JSON', { status: 200, body: 'jwt-secret-1' }, 'stream_parse'],
    ['gives no token', { status: 200, body: { echo: 'jwt-secret-1' } }, 'stream_parse'],
    ['gives another kind of token', { status: 200, body: { access_token: 'a-secret-token', expires_in: 9, token_type: 'mac' } }, 'stream_parse'], // biome-ignore format: a table
    ['does not say when its token ends', { status: 200, body: { access_token: 'a-secret-token' } }, 'stream_parse'],
    ['redirects', { status: 307, body: {}, headers: { location: 'http://127.0.0.1:9/jwt-secret-1' } }, 'config'],
  ])('where the endpoint %s has its class, and says nothing secret', async (_, answer, code) => {
    server.instead.push(answer)
    const lines: string[] = []
    const log = (line: string) => void lines.push(line)
    const authToken = workloadIdentity({ federationRuleId: 'f', organizationId: 'o', identityToken: 'jwt-secret-1' })
    const error = await caught(ask({ authToken, logger: { debug: log, info: log, warn: log } }))
    expect(error.code).toBe(code)
    const shown = [inspect(error, { showHidden: true, depth: 9 }), JSON.stringify(errorToJSON(error)), ...lines].join()
    expect(shown).not.toMatch(/jwt-secret-1|a-secret-token/)
  })

  it('for now is tried again as a call is', async () => {
    server.instead.push({ status: 503, body: {} })
    const authToken = workloadIdentity({ federationRuleId: 'f', organizationId: 'o', identityToken: 'jwt-1' })
    await ask({ authToken, retry: { baseDelayMs: 0 } })
    expect(server.exchanges).toHaveLength(2)
  })

  it('as the host is not safe is never sent', async () => {
    const baseURL = 'http://api.example'
    const fetch = () => expect.fail('it was sent')
    const authToken = workloadIdentity({
      federationRuleId: 'f',
      organizationId: 'o',
      identityToken: 'j',
      baseURL,
      fetch,
    })
    expect(await caught(ask({ authToken }))).toMatchObject({ code: 'config', message: expect.stringMatching(/https/) })
  })

  it.each([
    ['no rule', { organizationId: 'o', identityToken: 'j' }, /^federationRuleId or ANTHROPIC_FEDERATION_RULE_ID/],
    ['no organization', { federationRuleId: 'f', identityToken: 'j' }, /^organizationId or/],
    ['no identity', { federationRuleId: 'f', organizationId: 'o' }, /^identityToken, identityTokenFile or/],
  ])('of %s is a ConfigError at once', (_, options, message) => {
    expect(() => workloadIdentity(options)).toThrow(message)
  })

  it.each([
    ['that is empty', '', /must not be empty/],
    ['that is too long', 'j'.repeat(16_385), /16 KiB/],
    ['whose file is not there', undefined, /identityTokenFile must be/],
  ])('of an identity %s is a ConfigError', async (_, jwt, message) => {
    const path = jwt === undefined ? join(folder, 'none') : file('jwt', jwt)
    const authToken = workloadIdentity({ federationRuleId: 'f', organizationId: 'o', identityTokenFile: path })
    expect(await caught(ask({ authToken }))).toMatchObject({ code: 'config', message: expect.stringMatching(message) })
    expect(server.exchanges).toHaveLength(0)
  })

  it.each([
    ['that is not there', () => {}, /there is no default\.json/],
    ['whose name is a path', () => void vi.stubEnv('ANTHROPIC_PROFILE', '../x'), /must be a name/],
    ['that is no JSON', () => void file('configs/default.json', '{"authentication": secret'), /must be JSON\.$/],
    ['that is a list', () => void file('configs/default.json', '[]'), /authentication whose type/],
    [
      'of a kind to come',
      () => void file('configs/default.json', { authentication: { type: 'dpop' } }),
      /oidc_federation/,
    ],
    [
      'whose identity comes from elsewhere',
      () => enrol('default', { identity_token: { source: 'url' } }),
      /source "file"/,
    ],
  ])('of a profile %s is a ConfigError at once', (_, setUp, message) => {
    setUp()
    expect(() => profileOptions()).toThrow(message)
  })

  it.each([
    ['are not there', () => rmSync(join(folder, 'credentials/default.json')), /sign in first/],
    ['others can read', () => chmodSync(join(folder, 'credentials/default.json'), 0o644), /chmod 600/],
    ['are no JSON', () => void file('credentials/default.json', '{"access_token": "sk-secret'), /must be JSON\.$/],
    ['have none', () => void file('credentials/default.json', {}), /access_token: sign in again/],
    ['have ended for good', () => void file('credentials/default.json', { access_token: 't', expires_at: 1 }), /nothing renews it/], // biome-ignore format: a table
  ])('of a profile whose tokens %s is a ConfigError', async (_, change, message) => {
    signIn('default', { left: 0 })
    change()
    expect(await caught(ask(profileOptions()))).toMatchObject({
      code: 'config',
      message: expect.stringMatching(message),
    })
    expect(server.exchanges).toHaveLength(0)
  })

  it.skipIf(process.getuid?.() === 0)('for want of a place to keep it spends no refresh token', async () => {
    signIn('default', { left: 0 })
    chmodSync(join(folder, 'credentials'), 0o500)
    expect(await caught(ask(profileOptions()))).toMatchObject({ code: 'config' })
    expect(server.exchanges).toHaveLength(0)
    chmodSync(join(folder, 'credentials'), 0o700)
  })

  it('of a refresh token that is spent is an AuthenticationError', async () => {
    signIn('default', { left: 0, refresh_token: 'spent-long-ago' } as never)
    const error = await caught(ask(profileOptions()))
    expect(error).toMatchObject({ code: 'authentication', type: 'invalid_grant' })
    expect(error.message).toMatch(/Sign in again\.$/)
    expect(existsSync(join(folder, 'credentials/default.json'))).toBe(true)
  })
})
