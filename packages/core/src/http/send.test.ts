import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import {
  APIError,
  type ClientOptions,
  ConfigError,
  ConnectionError,
  countTokens,
  createClient,
  createMessage,
  type EnjambError,
  type MessageParams,
  OverloadedError,
  RateLimitError,
  RequestAbortedError,
  type RequestOptions,
  RequestTimeoutError,
  StreamParseError,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: {} }
const key = 'sk-ant-api03-secret'

const servers: LocalServer[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
  for (const server of servers.splice(0)) await server.close()
})

async function setUp(answer: (response: ServerResponse, attempt: number) => void, options: ClientOptions = {}) {
  const server = await serve(answer)
  servers.push(server)
  const client = createClient({ apiKey: key, baseURL: server.url, retry: { baseDelayMs: 1 }, ...options })
  const send = (call?: RequestOptions) => createMessage(client, params, call)
  return { server, client, send, headers: () => server.received.at(-1)!.headers }
}

const ok = (response: ServerResponse) => reply(response, 200, message)

async function failureOf(work: Promise<unknown>): Promise<EnjambError> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  )
}

describe('a request', () => {
  it('goes to the right place, says who sends it, and brings the message', async () => {
    const { send, server } = await setUp(ok)
    expect(await send()).toEqual(message)
    const [{ method, url, headers, body } = expect.fail()] = server.received
    expect({ method, url, body }).toEqual({ method: 'POST', url: '/v1/messages', body: { ...params, stream: false } })
    expect(headers).toMatchObject({
      'x-api-key': key,
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^enjamb\/\d/),
    })
  })

  it('counts tokens', async () => {
    const { client, server } = await setUp((response) => reply(response, 200, { input_tokens: 7 }))
    expect(await countTokens(client, params)).toEqual({ input_tokens: 7 })
    expect(server.received[0]?.url).toBe('/v1/messages/count_tokens')
  })

  it('names betas in a header and in the path, and lets callers set any header', async () => {
    const { send, server, headers } = await setUp(ok, {
      betas: ['a-1'],
      headers: { 'x-mine': '1', 'user-agent': 'mine' },
    })
    await send({ betas: ['b-2'], headers: { 'anthropic-version': '2023-06-01' } })
    expect(server.received[0]?.url).toBe('/v1/messages?beta=true')
    expect(headers()).toMatchObject({
      'anthropic-beta': 'a-1,b-2',
      'x-mine': '1',
      'user-agent': 'mine',
      'anthropic-version': '2023-06-01',
    })
  })

  it('refuses sampling under the new version, with both ways out, and sends it under the old', async () => {
    const { client, server } = await setUp(ok)
    const error = await failureOf(createMessage(client, { ...params, temperature: 1 }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(/temperature.*drop it.*2023-06-01/)
    expect(server.received).toHaveLength(0)
    const old = createClient({ apiKey: key, baseURL: server.url, apiVersion: '2023-06-01' })
    await createMessage(old, { ...params, temperature: 1 })
    expect(server.received[0]?.body).toMatchObject({ temperature: 1 })
  })

  it('passes through middleware, the first outermost, on every attempt', async () => {
    const seen: string[] = []
    const trace = (name: string) => async (request: { attempt: number }, next: (r: never) => Promise<Response>) => {
      seen.push(`${name}${request.attempt}`)
      return next(request as never)
    }
    const { send } = await setUp(
      (response, attempt) => (attempt ? ok(response) : reply(response, 529, errorBody('overloaded_error'))),
      {
        middleware: [trace('a'), trace('b')],
      },
    )
    await send()
    expect(seen).toEqual(['a0', 'b0', 'a1', 'b1'])
  })
})

describe('credentials', () => {
  const env = ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']

  it('come from the environment, a key before a token, and what is passed before both', async () => {
    const { server } = await setUp(ok)
    const sent = async (options: ClientOptions) => {
      await createMessage(createClient({ baseURL: server.url, ...options }), params)
      const { headers } = server.received.at(-1)!
      return headers['x-api-key'] ?? headers.authorization
    }
    for (const [index, name] of [...env.entries()].reverse()) {
      vi.stubEnv(name, `value-${index}`)
      expect(await sent({})).toBe(index < 2 ? `value-${index}` : `Bearer value-${index}`)
    }
    expect(await sent({ authToken: 'mine' })).toBe('Bearer mine')
    expect(await sent({ apiKey: 'mine' })).toBe('mine')
    expect(await sent({ apiKey: 'mine\n' })).toBe('mine')
  })

  it('may be an OAuth token given as the key, sent as a token with its beta', async () => {
    const { send, headers } = await setUp(ok, { apiKey: 'sk-ant-oat01-token' })
    await send()
    expect(headers()).toMatchObject({
      authorization: 'Bearer sk-ant-oat01-token',
      'anthropic-beta': 'oauth-2025-04-20',
    })
    expect(headers()['x-api-key']).toBeUndefined()
  })

  it('are asked for before every attempt where they are functions', async () => {
    let asked = 0
    const { send, server } = await setUp(
      (response, attempt) => (attempt ? ok(response) : reply(response, 500, errorBody('api_error'))),
      {
        apiKey: async () => `key-${asked++}`,
      },
    )
    await send()
    expect(server.received.map(({ headers }) => headers['x-api-key'])).toEqual(['key-0', 'key-1'])
  })

  it('are missed with advice, unless a header of the caller is one', async () => {
    for (const name of env) vi.stubEnv(name, '')
    const { server } = await setUp(ok)
    const error = await failureOf(createMessage(createClient({ baseURL: server.url }), params))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain('ANTHROPIC_API_KEY')
    expect(server.received).toHaveLength(0)
    await createMessage(createClient({ baseURL: server.url, headers: { authorization: 'Bearer gateway' } }), params)
  })

  it('are printed nowhere: no error, no log line, no client', async () => {
    const lines: string[] = []
    const logger = { debug: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) }
    const { send, client } = await setUp((response) => reply(response, 500, errorBody('api_error', `bad key ${key}`)), {
      logger,
    })
    const bad = createClient({ apiKey: 'line\nbreak-secret', baseURL: 'http://127.0.0.1:9' })
    const errors = [await failureOf(send()), await failureOf(createMessage(bad, params))]
    const printed = [
      ...errors.flatMap((error) => [inspect(error, { depth: 9 }), JSON.stringify(error)]),
      ...lines,
      inspect(client),
      JSON.stringify(client),
      inspect(bad),
    ]
    for (const text of printed) expect(text).not.toMatch(/secret/)
    expect(lines.length).toBeGreaterThan(2)
  })

  it('are not carried along by a redirect', async () => {
    const elsewhere = await setUp(ok)
    const { send } = await setUp(
      (response) => response.writeHead(307, { location: `${elsewhere.server.url}/v1/messages` }).end(),
      { retry: { maxRetries: 0 } },
    )
    const error = await failureOf(send())
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain(elsewhere.server.url)
    expect(elsewhere.server.received).toHaveLength(0)
  })
})

describe('retries', () => {
  it.each([408, 409, 429, 500, 502, 529])('answer a %i with another attempt', async (status) => {
    const { send, server } = await setUp((response, attempt) =>
      attempt < 2 ? reply(response, status, errorBody('x')) : ok(response),
    )
    expect(await send()).toEqual(message)
    expect(server.received).toHaveLength(3)
  })

  it.each([400, 401, 402, 403, 404, 413, 422])('do not answer a %i', async (status) => {
    const { send, server } = await setUp((response) => reply(response, status, errorBody('x')))
    expect(await failureOf(send())).toMatchObject({ status, retryable: false })
    expect(server.received).toHaveLength(1)
  })

  it('do as x-should-retry says', async () => {
    const no = await setUp((response) => reply(response, 500, errorBody('api_error'), { 'x-should-retry': 'false' }))
    await failureOf(no.send())
    const yes = await setUp((response, attempt) =>
      attempt ? ok(response) : reply(response, 400, errorBody('x'), { 'x-should-retry': 'true' }),
    )
    await yes.send()
    expect([no.server.received.length, yes.server.received.length]).toEqual([1, 2])
  })

  it('wait as long as the server asks, but no longer than a minute', async () => {
    const asked = await setUp(
      (response, attempt) =>
        attempt ? ok(response) : reply(response, 429, errorBody('rate_limit_error'), { 'retry-after-ms': '30' }),
      { retry: { baseDelayMs: 60_000 } },
    )
    await asked.send()
    const long = await setUp((response) =>
      reply(response, 429, errorBody('rate_limit_error'), { 'retry-after': '3600' }),
    )
    const error = (await failureOf(long.send())) as RateLimitError
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error.retryAfterMs).toBe(3_600_000)
    expect(error.resetsAt!.getTime() - Date.now()).toBeGreaterThan(3_500_000)
    expect(long.server.received).toHaveLength(1)
  })

  it('follow lost connections, before and inside the answer', async () => {
    const { send, server } = await setUp((response, attempt) => {
      if (attempt === 0) response.destroy()
      else if (attempt === 1) {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"id":', () => response.destroy())
      } else ok(response)
    })
    expect(await send()).toEqual(message)
    expect(server.received).toHaveLength(3)
  })

  it('end with the last error, which says where the trouble is', async () => {
    const { send, server } = await setUp(ok)
    await server.close()
    servers.pop()
    const error = await failureOf(send())
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toBe(`No complete answer from ${server.url}/v1/messages: ECONNREFUSED. Is baseURL right?`)
  })

  it('do not follow an answer that is no JSON', async () => {
    const { send, server } = await setUp((response) => response.end('<html>'))
    expect(await failureOf(send())).toBeInstanceOf(StreamParseError)
    expect(server.received).toHaveLength(1)
  })
})

describe('time', () => {
  it.each(['headers', 'body'])('runs out while the %s are awaited', async (what) => {
    const { send } = await setUp(
      (response) => {
        if (what === 'body') response.writeHead(200, { 'content-length': '1000' }).write('{')
      },
      { timeoutMs: 40, retry: { maxRetries: 0 } },
    )
    const error = await failureOf(send())
    expect(error).toBeInstanceOf(RequestTimeoutError)
    expect(error.message).toContain('40 ms')
  })

  it('is up for a fetch that does not listen to signals, too, and no timer is left', async () => {
    vi.useFakeTimers()
    const client = createClient({
      apiKey: key,
      fetch: () => new Promise(() => {}),
      timeoutMs: 1_000,
      retry: { maxRetries: 1, baseDelayMs: 500 },
    })
    const failure = failureOf(createMessage(client, params))
    await vi.advanceTimersByTimeAsync(2_500)
    expect(await failure).toBeInstanceOf(RequestTimeoutError)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('aborting', () => {
  it.each(['before', 'in the answer', 'between attempts'])('rejects %s, with the reason as cause', async (when) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const { send, server } = await setUp(
      (response) => {
        if (when === 'between attempts') reply(response, 529, errorBody('overloaded_error'))
        setTimeout(() => controller.abort(reason), 20)
      },
      { retry: { baseDelayMs: 60_000 } },
    )
    if (when === 'before') controller.abort(reason)
    const error = await failureOf(send({ signal: controller.signal }))
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toBe(reason)
    expect(server.received).toHaveLength(when === 'before' ? 0 : 1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('leaves no listener on a signal that outlives many requests', async () => {
    const { send } = await setUp((response, attempt) =>
      attempt % 2 ? ok(response) : reply(response, 400, errorBody('x')),
    )
    const { signal } = new AbortController()
    for (let n = 0; n < 6; n++) await send({ signal }).catch(() => {})
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('error bodies', () => {
  it('may be HTML, empty, huge or without an id', async () => {
    const bodies = [
      '<html><body><h1>Bad  Gateway</h1></body></html>',
      '',
      `{"type":"error","error":{"type":"api_error","message":"${'x'.repeat(10_000_000)}"}}`,
      '{"error":{"message":"odd"}}',
      'null',
      '[]',
      '"text"',
    ]
    for (const body of bodies) {
      const { send } = await setUp((response) => response.writeHead(502, { 'request-id': 'req_h' }).end(body), {
        retry: { maxRetries: 0 },
      })
      const error = (await failureOf(send())) as APIError
      expect(error).toBeInstanceOf(APIError)
      expect(error).toMatchObject({ status: 502, requestId: 'req_h', code: 'server' })
      expect(error.message.length).toBeLessThan(70_000)
      expect(error.message).not.toContain('<')
    }
  })

  it('say overloaded as a class of its own', async () => {
    const { send } = await setUp((response) => reply(response, 529, errorBody('overloaded_error', 'Overloaded')), {
      retry: { maxRetries: 0 },
    })
    const error = await failureOf(send())
    expect(error).toBeInstanceOf(OverloadedError)
    expect(error).toMatchObject({
      name: 'OverloadedError',
      type: 'overloaded_error',
      message: '529 overloaded_error: Overloaded',
    })
  })
})
