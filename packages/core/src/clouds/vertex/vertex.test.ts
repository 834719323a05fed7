import { AnthropicVertex } from '@anthropic-ai/vertex-sdk'
import { findProvider } from '@pydantic/genai-prices'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectSameRequest } from '../../../test/same-request.ts'
import { errorBody, type LocalServer, reply, serve } from '../../../test/serve.ts'
import {
  ConfigError,
  costOf,
  countTokens,
  createBatch,
  createClient,
  createMessage,
  createUsageMeter,
  listFiles,
  type MessageParams,
  type Middleware,
  models,
} from '../../index.ts'
import { vertex } from './index.ts'
import { vertexModel } from './vertex-model.ts'

const params: MessageParams & { stream?: false } = {
  model: 'claude-haiku-4-5@20251001',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Hi' }],
}
const message = {
  id: 'msg_vrtx_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { usage: { a: 1 } } }],
  stop_reason: 'tool_use',
  usage: { input_tokens: 1_000_000, output_tokens: 1_000_000, inference_geo: 'not_available' },
}
let answer: [status: number, body: unknown, headers?: Record<string, string>] = [200, message]
let server: LocalServer
beforeAll(async () => {
  server = await serve((response) => reply(response, ...answer))
})
afterAll(() => server.close())
afterEach(() => {
  vi.unstubAllEnvs()
  answer = [200, message]
})

const settings = { project: 'my-project', region: 'global', accessToken: () => 'ya29.token-of-google' }
const ours = (more = {}, options = {}) =>
  createClient({ ...vertex({ ...settings, baseURL: `${server.url}/gateway/v1`, ...more }), ...options })

describe('a request to Vertex AI is that of the official client', () => {
  const theirs = (region = 'global') =>
    new AnthropicVertex({
      region,
      projectId: 'my-project',
      baseURL: `${server.url}/gateway/v1`,
      authClient: {
        getRequestHeaders: async () => new Headers({ authorization: 'Bearer ya29.token-of-google' }),
      } as never,
      maxRetries: 0,
      logLevel: 'off',
    })
  const betas = ['context-management-2025-06-27']

  it.each([
    ['to the global endpoint', () => createMessage(ours(), params), () => theirs().messages.create(params as never)],
    [
      'to a region',
      () => createMessage(ours({ region: 'europe-west1' }), params),
      () => theirs('europe-west1').messages.create(params as never),
    ],
    [
      'with a β',
      () => createMessage(ours(), { ...params, betas }),
      () => theirs().beta.messages.create({ ...params, betas } as never),
    ],
    [
      'with a model whose name needs an escape',
      () => createMessage(ours(), { ...params, model: 'a/b c' }),
      () => theirs().messages.create({ ...params, model: 'a/b c' } as never),
    ],
    [
      'to count tokens',
      () => countTokens(ours(), { model: params.model, messages: params.messages }),
      () => theirs().messages.countTokens({ model: params.model, messages: params.messages } as never),
    ],
  ])('%s', async (_, ask, askOfficially) => {
    await expectSameRequest(server, ask, askOfficially)
  })
})

it('the address is made of the region and the project, from the environment too, and no key of the API goes there', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'key-of-the-api')
  vi.stubEnv('ANTHROPIC_VERTEX_PROJECT_ID', 'my-project')
  const sent: string[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    sent.push(new URL(String(url)).host)
    expect(new Headers(init?.headers).get('x-api-key')).toBeNull()
    return Response.json(message)
  }
  for (const region of ['global', 'us', 'eu', 'us-east5']) {
    vi.stubEnv('CLOUD_ML_REGION', region)
    await createMessage(createClient(vertex({ accessToken: 't', fetch: fetch as never })), params)
  }
  expect(sent).toEqual([
    'aiplatform.googleapis.com',
    'aiplatform.us.rep.googleapis.com',
    'aiplatform.eu.rep.googleapis.com',
    'us-east5-aiplatform.googleapis.com',
  ])
})

it('the version 2023-06-01 has the name there that it always had', async () => {
  await createMessage(ours({}, { apiVersion: '2023-06-01' }), { ...params, temperature: 0.5 })
  expect(server.received.at(-1)?.body).toMatchObject({ anthropic_version: 'vertex-2023-10-16', temperature: 0.5 })
})

it('every model of the API has an id there that is known to the prices of Google', () => {
  const google = findProvider({ providerId: 'google' })!.models.map(({ match }) => JSON.stringify(match))
  for (const { id, snapshot } of models) {
    expect(vertexModel(snapshot ?? id)).toBe(vertexModel(id))
    expect(vertexModel(vertexModel(id))).toBe(vertexModel(id))
  }
  expect(vertexModel('claude-haiku-4-5')).toBe('claude-haiku-4-5@20251001')
  expect(vertexModel('claude-opus-5-5')).toBe('claude-opus-5-5')
  expect(google.some((match) => match.includes('claude-opus-5-5'))).toBe(true)
})

it.each([
  ['region', { region: '' }],
  ['region', { region: 'evil.example/' }],
  ['project', { project: '' }],
  ['project', { project: '../..' }],
  ['accessToken', { accessToken: '' }],
])('a bad %s is refused: %o', (name, bad) => {
  expect(() => vertex({ ...settings, ...bad })).toThrow(ConfigError)
  expect(() => vertex({ ...settings, ...bad })).toThrow(name)
})

it('a token function is asked before every attempt, and again after a 401', async () => {
  const asked: boolean[] = []
  let attempt = 0
  const other = await serve((response) =>
    attempt++
      ? reply(response, 200, message)
      : reply(response, 401, { error: { code: 401, message: 'Expired.', status: 'UNAUTHENTICATED' } }),
  )
  const accessToken = ({ refresh }: { refresh: boolean }) => `token-${asked.push(refresh)}`
  await createMessage(createClient(vertex({ ...settings, accessToken, baseURL: other.url })), params)
  expect(asked).toEqual([false, true])
  expect(other.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  await other.close()
})

it('no token is a ConfigError, and nothing is sent', async () => {
  const before = server.received.length
  await expect(createMessage(ours({ accessToken: async () => null }), params)).rejects.toThrow(
    new ConfigError('accessToken must give a token of Google Cloud: it gave none.'),
  )
  await expect(listFiles(ours()).next()).rejects.toThrow(
    new ConfigError('Vertex AI has no /v1/files: of the API it has /v1/messages, /v1/messages/count_tokens.'),
  )
  expect(server.received.length).toBe(before)
})

it.each([
  [
    429,
    {
      error: {
        code: 429,
        message: 'Quota exceeded for ya29.token-of-google.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ retryDelay: '12.5s' }],
      },
    },
    {
      code: 'rate_limit',
      type: 'rate_limit_error',
      errorCode: 'RESOURCE_EXHAUSTED',
      retryAfterMs: 13_000,
      message: '429 rate_limit_error: Quota exceeded for ….',
    },
  ],
  [
    404,
    [{ error: { code: 404, message: 'No such model.', status: 'NOT_FOUND' } }],
    { code: 'not_found', errorCode: 'NOT_FOUND' },
  ],
  [403, { error: { code: 403, message: 'Denied.', status: 'PERMISSION_DENIED' } }, { code: 'permission_denied' }],
  [400, errorBody('invalid_request_error', 'max_tokens: too large'), { code: 'invalid_request', requestId: 'req_1' }],
  [529, errorBody('overloaded_error', 'Overloaded'), { code: 'overloaded', retryable: true }],
])('an error %i of Google is one of ours', async (status, body, error) => {
  answer = [status, body]
  await expect(createMessage(ours({}, { retry: { maxRetries: 0 } }), params)).rejects.toMatchObject({
    status,
    ...error,
  })
})

it('what a region answers costs a tenth more, in the budget too, and middleware knows the API alone', async () => {
  const seen: string[] = []
  const look: Middleware = (request, next) => {
    seen.push(new URL(request.url).pathname.replace(/.*\/v1\//, '/v1/'))
    return next(request)
  }
  const costs = new Map<string, unknown>()
  for (const region of ['global', 'europe-west1', 'us']) {
    const meter = createUsageMeter({ budgets: { default: { usd: 100 } } })
    const reply = await createMessage(ours({ region }, { middleware: [look, meter.middleware] }), params)
    expect(reply.content).toEqual(message.content)
    const { totalCost } = await meter.stats()
    expect(totalCost).toBe(costOf(reply.model, reply.usage)?.usd)
    costs.set(region, totalCost)
  }
  expect(Object.fromEntries(costs)).toEqual({ global: 6, 'europe-west1': 6.6, us: 6.6 })
  expect(new Set(seen)).toEqual(new Set(['/v1/messages']))
})

it('what was refused before it was sent costs no budget', async () => {
  const meter = createUsageMeter({ budgets: { default: { usd: 100 } } })
  const client = ours({}, { middleware: [meter.middleware] })
  await expect(createBatch(client, { requests: [{ custom_id: '1', params }] })).rejects.toThrow(ConfigError)
  expect((await meter.stats()).totalCost).toBe(0)
})
