import { AnthropicBedrock, AnthropicBedrockMantle } from '@anthropic-ai/bedrock-sdk'
import { findProvider } from '@pydantic/genai-prices'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectSameRequest } from '../../../test/same-request.ts'
import { type LocalServer, reply, serve } from '../../../test/serve.ts'
import { awsKeys, type BedrockAnswer, serveBedrock } from '../../../test/serve-bedrock.ts'
import {
  ConfigError,
  costOf,
  countTokens,
  createBatch,
  createClient,
  createMessage,
  createUsageMeter,
  type MessageParams,
  models,
} from '../../index.ts'
import { bedrockModel } from './bedrock-model.ts'
import { bedrock, bedrockMantle } from './index.ts'

const params: MessageParams & { stream?: false } = {
  model: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Grüße' }],
}
const message = {
  id: 'msg_bdrk_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1_000_000, output_tokens: 1_000_000 },
}

let answer: BedrockAnswer = { body: message }
let server: Awaited<ReturnType<typeof serveBedrock>>
let open: LocalServer
beforeAll(async () => {
  server = await serveBedrock(() => answer)
  open = await serve((response) => reply(response, 200, message))
})
afterAll(() => Promise.all([server.close(), open.close()]))
afterEach(() => {
  vi.unstubAllEnvs()
  answer = { body: message }
})

const ours = (more = {}, options = {}) =>
  createClient({ ...bedrock({ region: 'eu-west-1', credentials: awsKeys, baseURL: server.url, ...more }), ...options })

describe('a request to Bedrock is that of the official client', () => {
  const keys = { awsAccessKey: awsKeys.accessKeyId, awsSecretKey: awsKeys.secretAccessKey }
  const official = { awsRegion: 'eu-west-1', maxRetries: 0, logLevel: 'off' } as const
  const theirs = (more: object = keys) => new AnthropicBedrock({ ...official, baseURL: open.url, ...more })
  const mine = (more = {}) => ours({ baseURL: open.url, ...more })
  const betas = ['context-management-2025-06-27', 'output-128k-2025-02-19']
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5'
  const session = { ...awsKeys, sessionToken: 'session-token' }

  it.each([
    ['that is signed', () => createMessage(mine(), params), () => theirs().messages.create(params as never)],
    [
      'signed with a session',
      () => createMessage(mine({ credentials: async () => session }), params),
      () => theirs({ ...keys, awsSessionToken: 'session-token' }).messages.create(params as never),
    ],
    [
      'with a key',
      () => createMessage(mine({ credentials: undefined, apiKey: 'bedrock-key' }), params),
      () => theirs({ apiKey: 'bedrock-key' }).messages.create(params as never),
    ],
    [
      'with βs',
      () => createMessage(mine(), { ...params, betas }),
      () => theirs().beta.messages.create({ ...params, betas } as never),
    ],
    [
      'to an ARN',
      () => createMessage(mine(), { ...params, model: arn }),
      () => theirs().messages.create({ ...params, model: arn } as never),
    ],
    [
      'to mantle',
      () =>
        createMessage(
          createClient(bedrockMantle({ region: 'eu-west-1', credentials: awsKeys, baseURL: `${open.url}/anthropic` })),
          { ...params, model: 'anthropic.claude-opus-5' },
        ),
      () =>
        new AnthropicBedrockMantle({
          ...official,
          awsAccessKey: awsKeys.accessKeyId,
          awsSecretAccessKey: awsKeys.secretAccessKey,
          baseURL: `${open.url}/anthropic`,
        }).messages.create({ ...params, model: 'anthropic.claude-opus-5' } as never),
    ],
  ])('%s', async (_, ask, askOfficially) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-28T12:00:00Z') })
    try {
      await expectSameRequest(open, ask, askOfficially)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a server that makes the signature again', () => {
  it.each([
    params.model,
    'anthropic.claude-opus-4-6-v1',
    'haiku',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5',
    "a model*(with) 'odd' characters/ä+~",
  ])('answers for %s', async (model) => {
    expect(
      await createMessage(ours(), { ...params, model: model === 'haiku' ? 'claude-haiku-5-5' : model }),
    ).toMatchObject({ content: message.content })
  })

  it('answers under a path, with a session, headers of AWS and whatever else was set', async () => {
    const other = await serveBedrock(() => answer, { sessionToken: 'session-token' })
    const credentials = () => ({ ...awsKeys, sessionToken: 'session-token' })
    const headers = { 'x-amzn-bedrock-guardrailIdentifier': 'my  guardrail', 'x-mine': 'a,b', cookie: 'c=1' }
    await createMessage(ours({ baseURL: `${other.url}/a+b/c`, credentials }, { headers }), params)
    const { headers: sent } = other.received[0]!
    expect(sent).toMatchObject({ 'x-amzn-bedrock-guardrailidentifier': 'my  guardrail', 'x-mine': 'a,b' })
    expect(sent.authorization).toContain('x-amzn-bedrock-guardrailidentifier')
    await other.close()
  })

  it('answers mantle', async () => {
    const other = await serveBedrock(() => answer, { service: 'bedrock-mantle' })
    const client = createClient(
      bedrockMantle({ region: 'eu-west-1', credentials: awsKeys, baseURL: `${other.url}/anthropic` }),
    )
    const { usage } = await createMessage(client, { ...params, model: 'claude-haiku-4-5' })
    expect(other.received[0]).toMatchObject({
      url: '/anthropic/v1/messages',
      body: { model: 'anthropic.claude-haiku-4-5' },
    })
    expect(usage.inference_geo).toBe('bedrock-eu-west-1')
    await other.close()
  })

  it.each([
    ['another secret', { credentials: { ...awsKeys, secretAccessKey: 'another-secret-of-aws' } }],
    ['another region', { region: 'us-east-1' }],
    ['no signature', { credentials: undefined, apiKey: 'bedrock-key' }],
  ])('refuses %s, as the API refuses a key', async (_, more) => {
    const call = createMessage(ours(more, { retry: { maxRetries: 0 } }), params)
    await expect(call).rejects.toMatchObject({ code: 'authentication', status: 401, requestId: 'aws-0' })
  })
})

it('expired credentials are asked for once more, in the words of AWS, too', async () => {
  const asked: unknown[] = []
  const credentials = (request: { refresh: boolean; forceRefresh: boolean }) => {
    asked.push(request)
    return request.refresh
      ? awsKeys
      : { ...awsKeys, accessKeyId: 'AKIDOLDOLDOLDOLDOLD', secretAccessKey: 'the-old-secret-of-aws' }
  }
  await createMessage(ours({ credentials }), params)
  expect(asked).toEqual([
    { refresh: false, forceRefresh: false },
    { refresh: true, forceRefresh: true },
  ])
})

it('with an authorization of its own a request is not signed: a gateway sees to it', async () => {
  await createMessage(ours({ baseURL: open.url, credentials: undefined }, { headers: { authorization: null } }), params)
  expect(open.received.at(-1)?.headers).not.toHaveProperty('authorization')
  expect(open.received.at(-1)?.headers).not.toHaveProperty('x-amz-date')
})

it('credentials and region come from the environment, and no key of the API goes to AWS', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'key-of-the-api')
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', '')
  vi.stubEnv('AWS_ACCESS_KEY_ID', awsKeys.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', awsKeys.secretAccessKey)
  const addresses: string[] = []
  const fetch = (url: string, init: RequestInit) => {
    addresses.push(new URL(url).host)
    expect([...new Headers(init.headers).values()].join()).not.toContain('key-of-the-api')
    return globalThis.fetch(`${server.url}${new URL(url).pathname}`, init)
  }
  // The host is signed, and this one's is another.
  await expect(createMessage(createClient(bedrock({ fetch: fetch as never })), params)).rejects.toMatchObject({
    status: 401,
  })
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'bedrock-key')
  await createMessage(createClient(bedrock({ baseURL: open.url })), params)
  expect(open.received.at(-1)?.headers.authorization).toBe('Bearer bedrock-key')
  await createMessage(createClient(bedrock({ baseURL: server.url, credentials: awsKeys })), params)
  expect(new Set(addresses)).toEqual(new Set(['bedrock-runtime.eu-west-1.amazonaws.com']))
})

it.each([
  [{ region: '' }, 'region must be an AWS region, as us-east-1.'],
  [{ region: 'evil.example/' }, 'region must be an AWS region, as us-east-1.'],
  [{ region: 'eu-west-1', apiKey: 'k', credentials: awsKeys }, 'Only one of apiKey and credentials may be set.'],
])('%o is refused', (options, said) => {
  expect(() => bedrock(options)).toThrow(new ConfigError(said))
  expect(() => bedrockMantle(options)).toThrow(new ConfigError(said))
})

it('missing credentials and what Bedrock does not have are refused before anything is sent', async () => {
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', '')
  vi.stubEnv('AWS_ACCESS_KEY_ID', '')
  const before = server.received.length
  await expect(createMessage(ours({ credentials: undefined }), params)).rejects.toThrow(
    'AWS_ACCESS_KEY_ID must be set.',
  )
  await expect(createMessage(ours({ credentials: async () => ({}) }), params)).rejects.toThrow(
    new ConfigError('credentials must have an accessKeyId and a secretAccessKey.'),
  )
  await expect(createBatch(ours(), { requests: [{ custom_id: '1', params }] })).rejects.toThrow(
    new ConfigError(
      'Amazon Bedrock has no /v1/messages/batches: of the API it has /v1/messages, /v1/messages/count_tokens.',
    ),
  )
  expect(server.received.length).toBe(before)
})

it('tokens are counted by an operation of its own, for the model without its geography', async () => {
  answer = { body: { inputTokens: 42 } }
  const count = await countTokens(ours(), {
    model: params.model,
    messages: params.messages,
    system: 'é'.repeat(40_000),
  })
  expect(count).toEqual({ input_tokens: 42 })
  const { url, body } = server.received.at(-1)!
  expect(url).toBe('/model/anthropic.claude-haiku-4-5-20251001-v1:0/count-tokens')
  const { input } = body as { input: { invokeModel: { body: string } } }
  expect(JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString())).toEqual({
    anthropic_version: '2026-10-21',
    max_tokens: 1,
    messages: params.messages,
    system: 'é'.repeat(40_000),
  })
})

it.each([
  [429, 'ThrottlingException', { code: 'rate_limit', type: 'rate_limit_error', retryable: true }],
  [429, 'ModelNotReadyException', { code: 'rate_limit' }],
  [400, 'ValidationException', { code: 'invalid_request', retryable: false }],
  [403, 'AccessDeniedException', { code: 'permission_denied', status: 403 }],
  [403, 'ExpiredTokenException', { code: 'authentication', status: 401 }],
  [404, 'ResourceNotFoundException', { code: 'not_found' }],
  [408, 'ModelTimeoutException', { type: 'timeout_error', retryable: true }],
  [424, 'ModelErrorException', { code: 'api', retryable: false }],
  [500, 'InternalServerException', { code: 'server', retryable: true }],
  [503, 'ServiceUnavailableException', { code: 'server', retryable: true }],
])('a %i %s is one of our errors', async (status, name, error) => {
  const secret = `${awsKeys.secretAccessKey} and ${awsKeys.accessKeyId}`
  answer = {
    status,
    headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` },
    body: { message: `Not now, ${secret}.` },
  }
  const thrown = await createMessage(ours({}, { retry: { maxRetries: 0 } }), params).catch((each) => each)
  expect(thrown).toMatchObject({ errorCode: name, requestId: 'aws-1', ...error })
  expect(thrown.message).toMatch(/Not now, … and …\.$/)
  expect(JSON.stringify(thrown.body)).not.toMatch(/AKIA|wJalr/)
})

it('every model of the API has an id that the prices of AWS know, in and out of regions, and costs as much', () => {
  const aws = findProvider({ providerId: 'aws' })!
  const priced = models.filter(({ id }) => aws.models.some((each) => each.id.startsWith(`global.anthropic.${id}`)))
  let checked = 0
  const million = { input_tokens: 1_000_000, output_tokens: 0 }
  for (const { id } of priced) {
    for (const [geo, region] of [
      ['global', 'global'],
      ['us', 'bedrock-us'],
      ['in-region', 'bedrock-eu-west-1'],
    ] as const) {
      const name = bedrockModel(id, geo)
      const model = aws.models.find(({ match }) => match && matches(match as Match, name))
      // Not all ids of all are known.
      if (!model) continue
      checked++
      const { input_mtok: price } = model.prices as { input_mtok?: number }
      expect(costOf(name, { ...million, inference_geo: region })?.usd, name).toBeCloseTo(price!, 9)
    }
  }
  expect(checked).toBeGreaterThan(25)
})

it.each([
  ['claude-haiku-4-5', {}, 6],
  ['claude-haiku-4-5-20251001', { geo: 'us' }, 6.6],
  ['claude-haiku-4-5', { geo: 'in-region' }, 6.6],
  ['global.anthropic.claude-haiku-4-5-20251001-v1:0', {}, 6],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0', {}, 6.6],
  ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0', {}, 6],
  ['anthropic.claude-haiku-4-5-20251001-v1:0', {}, 6.6],
])('%s %o costs what it costs there, in the budget too', async (model, more, usd) => {
  const meter = createUsageMeter({ budgets: { default: { usd: 100 } } })
  const { usage } = await createMessage(ours(more, { middleware: [meter.middleware] }), { ...params, model })
  expect(costOf(model, usage)?.usd).toBe(usd)
  expect((await meter.stats()).totalCost).toBe(usd)
})

interface Match {
  or?: Match[]
  equals?: string
  contains?: string
  starts_with?: string
  ends_with?: string
}

function matches({ or, equals, contains, starts_with: start, ends_with: end }: Match, name: string): boolean {
  if (or) return or.some((each) => matches(each, name))
  return (
    equals === name ||
    !!(contains && name.includes(contains)) ||
    !!(start && name.startsWith(start)) ||
    !!(end && name.endsWith(end))
  )
}
