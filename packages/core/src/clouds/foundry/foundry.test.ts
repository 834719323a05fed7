import { AnthropicFoundry } from '@anthropic-ai/foundry-sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectSameRequest } from '../../../test/same-request.ts'
import { errorBody, type LocalServer, reply, serve } from '../../../test/serve.ts'
import {
  ConfigError,
  countTokens,
  createBatch,
  createClient,
  createMessage,
  listModels,
  type MessageParams,
} from '../../index.ts'
import { foundry } from './index.ts'

const params: MessageParams & { stream?: false } = {
  model: 'my-deployment',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Hi' }],
}
let answer: [status: number, body: unknown, headers?: Record<string, string>]
let server: LocalServer
beforeAll(async () => {
  server = await serve((response) => {
    const [status, body, headers] = answer
    reply(response, status, body, { 'request-id': '', ...headers })
  })
})
afterAll(() => server.close())
afterEach(() => vi.unstubAllEnvs())

const ours = (more = {}) =>
  createClient({ ...foundry({ apiKey: 'key-of-azure', baseURL: `${server.url}/anthropic/` }), ...more })

describe('a request to Foundry is that of the official client', () => {
  const official = { baseURL: undefined as string | undefined, maxRetries: 0, logLevel: 'off' } as const
  const theirs = () =>
    new AnthropicFoundry({ ...official, apiKey: 'key-of-azure', baseURL: `${server.url}/anthropic/` })

  it.each([
    ['with a key', () => createMessage(ours(), params), () => theirs().messages.create(params as never)],
    [
      'with a β',
      () => createMessage(ours(), { ...params, betas: ['context-management-2025-06-27'] }),
      () => theirs().beta.messages.create({ ...params, betas: ['context-management-2025-06-27'] } as never),
    ],
    [
      'with a token of Entra',
      () =>
        createMessage(
          createClient(foundry({ authToken: async () => 'token-of-entra', baseURL: `${server.url}/anthropic` })),
          params,
        ),
      () =>
        new AnthropicFoundry({
          ...official,
          azureADTokenProvider: async () => 'token-of-entra',
          baseURL: `${server.url}/anthropic/`,
        }).messages.create(params as never),
    ],
    [
      'to count tokens',
      () => countTokens(ours(), { model: params.model, messages: params.messages }),
      () => theirs().messages.countTokens({ model: params.model, messages: params.messages } as never),
    ],
  ])('%s', async (_, ask, askOfficially) => {
    answer = [200, { id: 'msg_1', type: 'message', content: [], usage: {}, input_tokens: 1 }]
    await expectSameRequest(server, ask, askOfficially)
  })
})

it('the address is made of the resource, from the environment too, and no key of the API goes there', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'key-of-the-api')
  vi.stubEnv('ANTHROPIC_FOUNDRY_RESOURCE', 'my-resource')
  vi.stubEnv('ANTHROPIC_FOUNDRY_API_KEY', 'key-of-azure')
  const sent: [url: string, key: string | null][] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    sent.push([String(url), new Headers(init?.headers).get('x-api-key')])
    return Response.json({ id: 'msg_1' })
  }
  await createMessage(createClient(foundry({ fetch: fetch as never })), params)
  await createMessage(createClient(foundry({ fetch: fetch as never, authToken: 'token' })), params)
  expect(sent).toEqual([
    ['https://my-resource.services.ai.azure.com/anthropic/v1/messages', 'key-of-azure'],
    ['https://my-resource.services.ai.azure.com/anthropic/v1/messages', null],
  ])
})

it.each([
  [{}, 'apiKey, authToken or ANTHROPIC_FOUNDRY_API_KEY must be set.'],
  [{ apiKey: 'k', authToken: 't' }, 'Only one of apiKey and authToken may be set.'],
  [{ apiKey: 'k' }, 'resource must be the name of a Foundry resource.'],
  [{ apiKey: 'k', resource: 'evil.example/' }, 'resource must be the name of a Foundry resource.'],
  [{ apiKey: 'k', resource: 'r', baseURL: 'https://r.example' }, 'Only one of resource and baseURL may be set.'],
])('%o is refused', (options, message) => {
  expect(() => foundry(options)).toThrow(new ConfigError(message))
})

it('what Foundry does not have is refused by name, before anything is sent', async () => {
  const before = server.received.length
  const requests = [{ custom_id: '1', params }]
  await expect(createBatch(ours(), { requests })).rejects.toThrow(
    new ConfigError(
      'Microsoft Foundry has no /v1/messages/batches: of the API it has /v1/messages, /v1/messages/count_tokens, /v1/files.',
    ),
  )
  await expect(listModels(ours()).next()).rejects.toThrow('Microsoft Foundry has no /v1/models')
  expect(server.received.length).toBe(before)
})

it.each([
  [401, { statusCode: 401, message: 'Access denied due to invalid subscription key.' }, 'authentication', undefined],
  [
    404,
    { error: { code: 'DeploymentNotFound', message: 'There is no such deployment.' } },
    'not_found',
    'DeploymentNotFound',
  ],
  [429, { error: { code: '429', message: 'Rate limit is exceeded.' } }, 'rate_limit', '429'],
  [400, errorBody('invalid_request_error', 'max_tokens: too large'), 'invalid_request', undefined],
  [502, '<html>Bad gateway</html>', 'server', undefined],
])('an error %i of Azure is one of ours: %o', async (status, body, code, errorCode) => {
  answer = [status, body, { 'apim-request-id': 'apim-1' }]
  const call = createMessage(ours({ retry: { maxRetries: 0 } }), params)
  const [message] = /max_tokens|Access|There|Rate|Bad/.exec(JSON.stringify(body))!
  await expect(call).rejects.toMatchObject({ status, code, errorCode, message: expect.stringContaining(message) })
  await expect(call).rejects.toMatchObject({ requestId: 'apim-1' })
})
