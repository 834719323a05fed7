import { afterEach, describe, expect, it, vi } from 'vitest'
import { head, type RawServer, rawServer } from '../../test/raw-server.ts'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { type ClientOptions, ConfigError, checkHealth, createClient, type Health } from '../index.ts'

const key = 'sk-ant-api03-very-secret'
const servers: (LocalServer | RawServer)[] = []
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) await server.close()
})

async function setUp(status: number, body: unknown, options: ClientOptions = {}) {
  const server = await serve((response) => reply(response, status, body))
  servers.push(server)
  return { server, client: createClient({ apiKey: key, baseURL: server.url, ...options }) }
}

const short = ({ status, services: { api, credentials } }: Health) =>
  [status, api.status, credentials.status, api.error?.code ?? credentials.error?.code].join(' ').trim()

describe('the health of an API', () => {
  it('that answers is ok', async () => {
    const { client, server } = await setUp(200, { data: [] })
    const health = await checkHealth(client)
    expect(health).toEqual({
      status: 'ok',
      latencyMs: expect.any(Number),
      services: { api: { status: 'ok' }, credentials: { status: 'ok' } },
    })
    expect(health.latencyMs).toBeGreaterThanOrEqual(0)
    // No tokens: nothing but a short list is asked for.
    expect(server.received).toMatchObject([{ method: 'GET', url: '/v1/models?limit=1', body: undefined }])
  })

  it.each<[number, string, string]>([
    [401, 'authentication_error', 'down ok down authentication'],
    [402, 'billing_error', 'down ok down billing'],
    [403, 'permission_error', 'down ok down permission_denied'],
    [429, 'rate_limit_error', 'degraded ok degraded rate_limit'],
    [529, 'overloaded_error', 'degraded degraded unknown overloaded'],
    [500, 'api_error', 'down down unknown server'],
    [503, 'api_error', 'down down unknown server'],
    [404, 'not_found_error', 'down down unknown not_found'],
    [400, 'invalid_request_error', 'down down unknown invalid_request'],
    [418, 'teapot_error', 'down down unknown api'],
  ])('that answers with %d is known by its %s, after one attempt', async (status, type, expected) => {
    const { client, server } = await setUp(status, errorBody(type), {
      retry: { maxRetries: 5, decide: () => 0, rules: { server: { maxRetries: 9 } } },
    })
    expect(short(await checkHealth(client))).toBe(expected)
    expect(server.received).toHaveLength(1)
  })

  it.each<[string, string, string]>([
    ['breaks off', `${head(200, 'content-length: 99')}{`, 'down down unknown connection'],
    ['is another server', `${head(200)}<html>Sign in</html>`, 'down down unknown stream_parse'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'down down unknown connection'],
  ])('that %s is down', async (_, answer, expected) => {
    const server = await rawServer((socket) => socket.end(answer))
    servers.push(server)
    expect(short(await checkHealth(createClient({ apiKey: key, baseURL: server.url })))).toBe(expected)
    expect(server.requests()).toBe(1)
  })

  it('that is not there is down', async () => {
    const server = await rawServer(() => {})
    await server.close()
    expect(short(await checkHealth(createClient({ apiKey: key, baseURL: server.url })))).toBe(
      'down down unknown connection',
    )
  })

  it.each([
    [undefined, 5_000],
    [1_000, 1_000],
  ])('that is silent is down, with a timeoutMs of %s after %d ms', async (timeoutMs, ms) => {
    vi.useFakeTimers()
    const client = createClient({ apiKey: key, fetch: () => new Promise(() => {}), timeoutMs: 600_000 })
    const work = checkHealth(client, { timeoutMs })
    await vi.advanceTimersByTimeAsync(ms)
    const health = await work
    expect([short(health), health.latencyMs]).toEqual(['down down unknown request_timeout', ms])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells why, in plain data without the key', async () => {
    const { client } = await setUp(401, errorBody('authentication_error', `${key} is no key.`))
    const { credentials } = (await checkHealth(client)).services
    expect(credentials.error).toMatchObject({ code: 'authentication', requestId: 'req_1' })
    const text = JSON.stringify(await checkHealth(client))
    expect(text).toContain('is no key.')
    expect(text).not.toContain(key)
  })

  it('with a credential that has run out is asked with a new one', async () => {
    const server = await serve((response, attempt) =>
      reply(response, attempt ? 200 : 401, attempt ? { data: [] } : errorBody('authentication_error')),
    )
    servers.push(server)
    const client = createClient({ apiKey: ({ refresh }) => (refresh ? 'new' : 'old'), baseURL: server.url })
    expect(short(await checkHealth(client))).toBe('ok ok ok')
    expect(server.received.map(({ headers }) => headers['x-api-key'])).toEqual(['old', 'new'])
  })
})

describe('wrong use', () => {
  it('is an error: no credential, a bad option', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', '')
    vi.stubEnv('CLAUDE_API_KEY', '')
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', '')
    vi.stubEnv('CLAUDE_CODE_OAUTH_TOKEN', '')
    await expect(checkHealth(createClient())).rejects.toThrow(ConfigError)
    await expect(checkHealth(createClient({ apiKey: 'k' }), { timeoutMs: -1 })).rejects.toThrow(ConfigError)
  })

  it('or an abort is no sign of bad health', async () => {
    const { client } = await setUp(200, { data: [] })
    await expect(checkHealth(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'request_aborted',
    })
  })

  it('or a credential function that throws says what it says', async () => {
    const own = new Error('the vault is sealed')
    const client = createClient({ apiKey: () => Promise.reject(own) })
    await expect(checkHealth(client)).rejects.toBe(own)
  })
})
