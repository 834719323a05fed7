import { inspect } from 'node:util'
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { type TelemetrySDK, telemetrySDK } from '../../test/telemetry-sdk.ts'
import {
  type ClientOptions,
  createClient,
  createMessage,
  type Exchange,
  type Message,
  type MessageParams,
  type Middleware,
  send,
  version,
} from '../index.ts'
import { createTelemetry, type TelemetryOptions } from './create-telemetry.ts'

const params: MessageParams = {
  model: 'claude-haiku-4-5',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'my private question' }],
}
const usage = {
  input_tokens: 5,
  output_tokens: 7,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 20,
  output_tokens_details: { thinking_tokens: 3 },
}
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'text', text: 'my private answer' }],
  stop_reason: 'end_turn',
  usage,
} as unknown as Message
const key = 'sk-ant-api03-very-secret'

let sdk: TelemetrySDK
const servers: LocalServer[] = []
beforeEach(() => {
  sdk = telemetrySDK()
})
afterEach(async () => {
  await sdk.close()
  for (const server of servers.splice(0)) await server.close()
})

type Answer = Parameters<typeof serve>[0]

async function setUp(answer: Answer, telemetry: TelemetryOptions = {}, options: ClientOptions = {}) {
  const server = await serve(answer)
  servers.push(server)
  const { tracer, meterProvider } = sdk
  const middleware = [createTelemetry({ tracer, meter: meterProvider.getMeter('test'), ...telemetry })]
  const client = createClient({ apiKey: key, baseURL: server.url, middleware, retry: { baseDelayMs: 0 }, ...options })
  return { client, server, port: Number(new URL(server.url).port) }
}

const ok: Answer = (response) => reply(response, 200, message)
const refuse =
  (status: number, type: string): Answer =>
  (response) =>
    reply(response, status, errorBody(type, 'my private question is odd'))

const streamed = { method: 'POST', path: '/v1/messages', body: { ...params, stream: true }, stream: true }

describe('a span', () => {
  it('of a message has these attributes and no others', async () => {
    const { client, port } = await setUp(ok, {}, { apiVersion: '2023-06-01' })
    const full: MessageParams = {
      ...params,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      output_config: { format: { type: 'json_schema', schema: {} } },
    }
    await createMessage(client, full, { project: 'docs' })
    const [span = expect.fail()] = sdk.spans()
    expect([span.name, span.kind, span.status]).toEqual([
      'chat claude-haiku-4-5',
      SpanKind.CLIENT,
      { code: SpanStatusCode.UNSET },
    ])
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-haiku-4-5',
      'gen_ai.request.max_tokens': 10,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.top_p': 0.9,
      'gen_ai.request.top_k': 40,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.output.type': 'json',
      'server.address': '127.0.0.1',
      'server.port': port,
      'enjamb.project': 'docs',
      'gen_ai.response.id': 'msg_1',
      'gen_ai.response.model': 'claude-haiku-4-5-20251001',
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': 125,
      'gen_ai.usage.output_tokens': 7,
      'gen_ai.usage.cache_read.input_tokens': 100,
      'gen_ai.usage.cache_creation.input_tokens': 20,
      'gen_ai.usage.reasoning.output_tokens': 3,
      'http.response.status_code': 200,
    })
  })

  it('counts the tokens of compaction and advisors with those of the answer, in spans and metrics', async () => {
    const iterations = [
      { type: 'message', input_tokens: 5, output_tokens: 7 },
      { type: 'compaction', input_tokens: 1_000, output_tokens: 50, cache_read_input_tokens: 4 },
      { type: 'advisor_message', model: 'claude-opus-5-5', input_tokens: 30, output_tokens: 3 },
    ]
    const { client } = await setUp((response) => reply(response, 200, { ...message, usage: { ...usage, iterations } }))
    await createMessage(client, params)
    expect(sdk.spans()[0]?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 125 + 1_004 + 30,
      'gen_ai.usage.output_tokens': 60,
      'gen_ai.usage.cache_read.input_tokens': 104,
    })
  })

  it('of the least has only what is there', async () => {
    const { client, port } = await setUp((response) => reply(response, 200, { id: 'msg_1' }), {
      provider: 'aws.bedrock',
    })
    await createMessage(client, params)
    expect(sdk.spans()[0]!.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.request.model': 'claude-haiku-4-5',
      'gen_ai.request.max_tokens': 10,
      'server.address': '127.0.0.1',
      'server.port': port,
      'gen_ai.response.id': 'msg_1',
      'http.response.status_code': 200,
    })
  })

  it('that ends in tool calls says so', async () => {
    const { client } = await setUp((response) => reply(response, 200, { ...message, stop_reason: 'tool_use' }))
    await createMessage(client, params)
    expect(sdk.spans()[0]!.attributes['gen_ai.response.finish_reasons']).toEqual(['tool_use'])
  })

  it.each([
    [400, 'invalid_request_error', 'invalid_request'],
    [401, 'authentication_error', 'authentication'],
    [404, 'not_found_error', 'not_found'],
    [429, 'rate_limit_error', 'rate_limit'],
    [500, 'api_error', 'server'],
    [529, 'overloaded_error', 'overloaded'],
  ])('of a %i is an error of a type that is our code', async (status, type, code) => {
    const { client } = await setUp(refuse(status, type), {}, { retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toMatchObject({ code })
    const [span = expect.fail()] = sdk.spans()
    expect(span.attributes).toMatchObject({ 'error.type': code, 'http.response.status_code': status })
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: `${status} ${type}` })
    expect(span.attributes['gen_ai.response.id']).toBeUndefined()
  })

  it('there is for every attempt, and each but the first is counted', async () => {
    const { client } = await setUp((response, attempt) =>
      attempt < 2 ? refuse(529, 'overloaded_error')(response, attempt) : ok(response, attempt),
    )
    await createMessage(client, params)
    expect(
      sdk.spans().map(({ attributes }) => [attributes['http.request.resend_count'], attributes['error.type']]),
    ).toEqual([
      [undefined, 'overloaded'],
      [1, 'overloaded'],
      [2, undefined],
    ])
  })

  it('of a lost connection has no status code', async () => {
    const { client } = await setUp((response) => void response.destroy(), {}, { retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toMatchObject({ code: 'connection' })
    const [span = expect.fail()] = sdk.spans()
    expect(span.attributes['error.type']).toBe('connection')
    expect(span.attributes['http.response.status_code']).toBeUndefined()
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR })
  })

  it('of a call that is aborted ends there', async () => {
    const controller = new AbortController()
    const { client } = await setUp(() => controller.abort(new Error('enough')))
    await expect(createMessage(client, params, { signal: controller.signal })).rejects.toThrow()
    expect(sdk.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['request_aborted'])
  })

  it('of what runs out of time ends there', async () => {
    const { client } = await setUp(() => {}, {}, { timeoutMs: 50, retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toThrow()
    expect(sdk.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['request_timeout'])
  })

  it.each([
    [new TypeError('a defect'), 'TypeError'],
    ['no error at all', '_OTHER'],
  ])('of an error that is not ours, %o, has its name', async (thrown, type) => {
    const broken: Middleware = async () => {
      throw thrown
    }
    const { client } = await setUp(ok)
    const middleware = [...client.middleware, broken]
    await expect(createMessage(createClient({ apiKey: key, middleware }), params)).rejects.toBe(thrown)
    expect(sdk.spans()[0]!.attributes['error.type']).toBe(type)
  })
})

describe('other calls have names of their own', () => {
  it.each([
    ['POST', '/v1/messages/count_tokens', 'count_tokens'],
    ['POST', '/v1/messages/batches', 'create_batch'],
    ['GET', '/v1/messages/batches', 'list_batches'],
    ['GET', '/v1/messages/batches/msgbatch_1', 'retrieve_batch'],
    ['DELETE', '/v1/messages/batches/msgbatch_1', 'delete_batch'],
    ['POST', '/v1/messages/batches/msgbatch_1/cancel', 'cancel_batch'],
    ['GET', '/v1/messages/batches/msgbatch_1/results', 'batch_results'],
    ['GET', '/v1/models', 'list_models'],
    ['GET', '/v1/models/claude-haiku-4-5', 'retrieve_model'],
    ['POST', '/v1/files', 'upload_file'],
    ['GET', '/v1/files', 'list_files'],
    ['GET', '/v1/files/file_1', 'retrieve_file'],
    ['GET', '/v1/files/file_1/content', 'download_file'],
    ['DELETE', '/v1/files/file_1', 'delete_file'],
    // An id in a name would be a name for each id.
    ['PATCH', '/v1/files/file_1', 'PATCH'],
    ['GET', '/v1/sessions/session_1', 'GET'],
  ])('%s %s', async (method, path, operation) => {
    const { client } = await setUp((response) => reply(response, 200, { id: 'x', model: 'y', usage }))
    await send(client, { method, path: `${path}?limit=5` }, {}, ({ response }) => response.json())
    const [span = expect.fail()] = sdk.spans()
    expect(span.name).toBe(operation)
    expect(span.attributes['gen_ai.operation.name']).toBe(operation)
    // Only a message has used tokens.
    expect(Object.keys(span.attributes).join()).not.toMatch(/usage|response\.(id|model)/)
    expect((await sdk.points())['gen_ai.client.token.usage']).toBeUndefined()
  })

  it('also behind a gateway that has a path', async () => {
    const { server } = await setUp(ok)
    const { tracer } = sdk
    const client = createClient({
      apiKey: key,
      baseURL: `${server.url}/team/v1/x`,
      middleware: [createTelemetry({ tracer })],
    })
    await createMessage(client, params)
    expect(sdk.spans()[0]!.name).toBe('chat claude-haiku-4-5')
  })

  it('with the model, where tokens are counted', async () => {
    const { client } = await setUp(ok)
    await send(client, { method: 'POST', path: '/v1/messages/count_tokens', body: params }, {}, async () => {})
    expect(sdk.spans()[0]!.name).toBe('count_tokens claude-haiku-4-5')
  })
})

describe('a stream', () => {
  const open = (client: ReturnType<typeof createClient>) => send(client, streamed, {}, async (exchange) => exchange)
  const sse: Answer = (response) => void response.writeHead(200).write('data: 1\n\n')
  const end = ({ response }: Exchange) => response.body!.cancel()

  it('has a span until its end, with the time to its first content', async () => {
    const { client } = await setUp(sse)
    const before = performance.now()
    const exchange = await open(client)
    expect(sdk.spans()).toHaveLength(0)
    const firstContentAt = performance.now()
    exchange.settle({ value: message, firstContentAt })
    const [span = expect.fail()] = sdk.spans()
    const waited = span.attributes['gen_ai.response.time_to_first_chunk'] as number
    expect(waited).toBeGreaterThan(0)
    expect(waited).toBeLessThanOrEqual((firstContentAt - before) / 1000)
    expect(span.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.usage.output_tokens': 7,
      'gen_ai.response.finish_reasons': ['end_turn'],
    })
    const points = (await sdk.points())['gen_ai.client.operation.time_to_first_chunk']!
    expect(points.map(({ count, sum }) => [count, sum])).toEqual([[1, waited]])
    await end(exchange)
  })

  it('that breaks has used what had arrived', async () => {
    const { client } = await setUp(sse)
    const exchange = await open(client)
    const partial = { ...message, stop_reason: null, usage: { input_tokens: 5, output_tokens: 1 } }
    exchange.settle({ value: partial, error: new DOMException('gone', 'NetworkError') })
    const { attributes, status } = sdk.spans()[0]!
    expect(status.code).toBe(SpanStatusCode.ERROR)
    expect(attributes).toMatchObject({ 'error.type': 'NetworkError', 'gen_ai.usage.input_tokens': 5 })
    expect(attributes['gen_ai.response.finish_reasons']).toBeUndefined()
    const tokens = (await sdk.points())['gen_ai.client.token.usage']!
    expect(tokens.map(({ sum }) => sum)).toEqual([5, 1])
    await end(exchange)
  })

  it('that is given up before its first content has none', async () => {
    const { client } = await setUp(sse)
    const exchange = await open(client)
    exchange.settle({})
    expect(sdk.spans()[0]!.attributes['gen_ai.response.time_to_first_chunk']).toBeUndefined()
    expect((await sdk.points())['gen_ai.client.operation.time_to_first_chunk']).toBeUndefined()
    await end(exchange)
  })
})

describe('contexts', () => {
  it('have the span below the caller, and what sends the request below the span', async () => {
    const { server } = await setUp(ok)
    const { tracer } = sdk
    const client = createClient({
      apiKey: key,
      baseURL: server.url,
      middleware: [createTelemetry({ tracer })],
      // As the instrumentation of HTTP does.
      fetch: async (url, init) => {
        const span = tracer.startSpan('POST')
        return fetch(url, init).finally(() => span.end())
      },
    })
    await tracer.startActiveSpan('caller', async (caller) => {
      await createMessage(client, params)
      expect(trace.getSpan(context.active())).toBe(caller)
      caller.end()
    })
    const ids = Object.fromEntries(sdk.spans().map((span) => [span.name, span]))
    const { caller, POST: http, 'chat claude-haiku-4-5': chat } = ids
    expect(http!.parentSpanContext?.spanId).toBe(chat!.spanContext().spanId)
    expect(chat!.parentSpanContext?.spanId).toBe(caller!.spanContext().spanId)
  })

  it('of calls at the same time do not mix', async () => {
    const { client } = await setUp(ok)
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        sdk.tracer.startActiveSpan(`caller ${index}`, async (caller) => {
          await createMessage(client, { ...params, model: `model-${index}` })
          caller.end()
        }),
      ),
    )
    const spans = sdk.spans()
    for (let index = 0; index < 10; index++) {
      const [chat, caller] = [`chat model-${index}`, `caller ${index}`].map(
        (name) => spans.find((s) => s.name === name)!,
      )
      expect(chat!.parentSpanContext?.spanId).toBe(caller!.spanContext().spanId)
    }
  })
})

describe('metrics', () => {
  it('have these attributes and no others', async () => {
    const { client, port } = await setUp(ok)
    await createMessage(client, params)
    await createMessage(client, params)
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-haiku-4-5',
      'gen_ai.response.model': 'claude-haiku-4-5-20251001',
      'server.address': '127.0.0.1',
      'server.port': port,
    }
    const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
    const counts = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]
    expect(await sdk.points()).toEqual({
      'gen_ai.client.operation.duration': [{ attributes, count: 2, sum: expect.any(Number), buckets: seconds }],
      'gen_ai.client.token.usage': [
        { attributes: { ...attributes, 'gen_ai.token.type': 'input' }, count: 2, sum: 250, buckets: counts },
        { attributes: { ...attributes, 'gen_ai.token.type': 'output' }, count: 2, sum: 14, buckets: counts },
      ],
    })
  })

  it('of a failure have its type', async () => {
    const { client } = await setUp(refuse(429, 'rate_limit_error'), {}, { retry: { maxRetries: 1 } })
    await expect(createMessage(client, params)).rejects.toThrow()
    const [point = expect.fail()] = (await sdk.points())['gen_ai.client.operation.duration']!
    expect(point).toMatchObject({ count: 2, attributes: { 'error.type': 'rate_limit' } })
  })

  it('are written for what no span is kept of', async () => {
    await sdk.close()
    sdk = telemetrySDK(new AlwaysOffSampler())
    const { client } = await setUp(ok, { captureContent: true })
    await createMessage(client, params)
    expect(sdk.spans()).toHaveLength(0)
    expect((await sdk.points())['gen_ai.client.operation.duration']).toHaveLength(1)
  })

  it('go to the global provider, also one that comes after the middleware; spans do, too', async () => {
    const { server } = await setUp(ok)
    const client = createClient({ apiKey: key, baseURL: server.url, middleware: [createTelemetry()] })
    await createMessage(client, params)
    metrics.setGlobalMeterProvider(sdk.meterProvider)
    trace.setGlobalTracerProvider(sdk.tracerProvider)
    await createMessage(client, params)
    metrics.disable()
    const [point = expect.fail()] = (await sdk.points())['gen_ai.client.operation.duration']!
    expect(point.count).toBe(1)
    expect(sdk.spans().map(({ instrumentationScope }) => instrumentationScope)).toEqual([
      { name: '@enjamb/core', version, schemaUrl: 'https://opentelemetry.io/schemas/1.41.0' },
    ])
  })
})

it('every name that is written is one of the conventions', async () => {
  const { client } = await setUp(ok, { captureContent: true }, { apiVersion: '2023-06-01' })
  await createMessage(client, {
    ...params,
    system: 'Be short.',
    temperature: 1,
    top_p: 1,
    top_k: 1,
    tools: [],
    stop_sequences: [],
  })
  const exchange = await send(client, streamed, {}, async (exchange) => exchange)
  exchange.settle({ value: message, error: new Error('x'), firstContentAt: performance.now() })
  const known = new Set(Object.values(conventions))
  const written = sdk.spans().flatMap(({ attributes }) => Object.keys(attributes))
  for (const [name, points] of Object.entries(await sdk.points())) {
    written.push(name, ...points.flatMap(({ attributes }) => Object.keys(attributes)))
  }
  expect(written.filter((name) => !known.has(name as never))).toEqual([])
  await exchange.response.body!.cancel()
})

it('nothing that was said and no credential is written unasked', async () => {
  const { client } = await setUp((response, attempt) =>
    attempt ? refuse(400, 'invalid_request_error')(response, attempt) : ok(response, attempt),
  )
  await createMessage(client, params)
  await expect(createMessage(client, params)).rejects.toThrow()
  const written = inspect([sdk.spans(), await sdk.points()], { depth: 12 })
  expect(written).not.toMatch(/private|secret/)
})

describe('with captureContent', () => {
  it('what was said stands in the span, and why it failed', async () => {
    const { client } = await setUp(
      (response, attempt) =>
        attempt ? refuse(400, 'invalid_request_error')(response, attempt) : ok(response, attempt),
      { captureContent: true },
    )
    await createMessage(client, params)
    await expect(createMessage(client, params)).rejects.toThrow()
    const [answered, refused] = sdk.spans()
    const question = [{ role: 'user', parts: [{ type: 'text', content: 'my private question' }] }]
    const answer = [
      { role: 'assistant', parts: [{ type: 'text', content: 'my private answer' }], finish_reason: 'end_turn' },
    ]
    expect(JSON.parse(String(answered!.attributes['gen_ai.input.messages']))).toEqual(question)
    expect(JSON.parse(String(answered!.attributes['gen_ai.output.messages']))).toEqual(answer)
    expect(refused!.attributes['gen_ai.output.messages']).toBeUndefined()
    expect(refused!.status.message).toBe('400 invalid_request_error: my private question is odd')
  })

  it('a credential still does not', async () => {
    const { client } = await setUp((response) => reply(response, 400, errorBody('invalid_request_error', key)), {
      captureContent: true,
    })
    const messages = [{ role: 'user' as const, content: `is ${key} mine?` }]
    await expect(createMessage(client, { ...params, messages })).rejects.toThrow()
    expect(inspect(sdk.spans(), { depth: 12 })).not.toContain('very-secret')
  })

  it('what cannot be written fails no call', async () => {
    const { client } = await setUp(ok, { captureContent: true })
    expect(await createMessage(client, { ...params, tools: [null] as never })).toEqual(message)
    expect(sdk.spans()).toHaveLength(1)
  })
})

it.each([
  ['a list', [1]],
  ['odd fields', { id: 5, model: {}, stop_reason: 7, usage: 'none', content: 'text' }],
  ['odd usage', { usage: { input_tokens: '5', output_tokens: null, cache_read_input_tokens: {} } }],
])('an answer that is %s is passed on, and its span ends', async (_, body) => {
  const { client } = await setUp((response) => reply(response, 200, body), { captureContent: true })
  expect(await createMessage(client, params)).toEqual(body)
  expect(sdk.spans()).toHaveLength(1)
  expect((await sdk.points())['gen_ai.client.operation.duration']).toHaveLength(1)
})

it.each([null, 'text'])('an answer that is %j is an error, and its span ends', async (body) => {
  const { client } = await setUp((response) => reply(response, 200, body), { captureContent: true })
  await expect(createMessage(client, params)).rejects.toMatchObject({ code: 'stream_parse' })
  expect(sdk.spans()).toHaveLength(1)
})
