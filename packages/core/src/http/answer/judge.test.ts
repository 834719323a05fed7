import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  APIError,
  BillingError,
  batchResults,
  type Client,
  type ClientOptions,
  checkHealth,
  countTokens,
  createBatch,
  createClient,
  createMessage,
  downloadFile,
  errorFromJSON,
  errorToJSON,
  listModels,
  type MessageParams,
  RateLimitError,
  retrieveBatch,
  retrieveModel,
  StreamParseError,
  send,
  uploadFile,
} from '../../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const errorOf = (type: string, message = 'No.', details?: object) => ({
  type: 'error',
  error: { type, message, details },
})

function clientOf(answer: (attempt: number) => Response, options: ClientOptions = {}) {
  let sent = 0
  const fetch = async () => answer(sent++)
  return { client: createClient({ apiKey: 'k', fetch, retry: { baseDelayMs: 0 }, ...options }), sent: () => sent }
}

const collect = async (list: AsyncIterable<unknown>) => {
  for await (const _ of list);
}

const calls: [name: string, call: (client: Client) => Promise<unknown>][] = [
  ['createMessage', (client) => createMessage(client, params)],
  ['countTokens', (client) => countTokens(client, params)],
  ['retrieveModel', (client) => retrieveModel(client, 'claude-haiku-4-5')],
  ['listModels', (client) => collect(listModels(client))],
  ['createBatch', (client) => createBatch(client, { requests: [{ custom_id: 'a', params }] })],
  ['retrieveBatch', (client) => retrieveBatch(client, 'b')],
  ['batchResults', (client) => collect(batchResults(client, 'b'))],
  ['uploadFile', (client) => uploadFile(client, { file: new Blob(['x']) })],
]

describe.each(calls)('%s that is answered with an error of status 200', (_, call) => {
  it.each([
    ['as the API writes it', errorOf('authentication_error')],
    ['without the outer type', { error: { type: 'authentication_error', message: 'No.' } }],
  ])('fails with it, %s', async (_, body) => {
    const headers = { 'request-id': 'req_1' }
    const { client, sent } = clientOf(() => Response.json(body, { headers }))
    await expect(call(client)).rejects.toMatchObject({ code: 'authentication', status: 401, requestId: 'req_1' })
    expect(sent()).toBe(1)
  })

  it('is tried again where that may help', async () => {
    const { client, sent } = clientOf(() => Response.json(errorOf('overloaded_error')))
    await expect(call(client)).rejects.toMatchObject({ code: 'overloaded', status: 529 })
    expect(sent()).toBe(3)
  })
})

it('a health check whose answer of status 200 is an error is not ok', async () => {
  const { client } = clientOf(() => Response.json(errorOf('authentication_error')))
  expect(await checkHealth(client)).toMatchObject({ status: 'down', services: { credentials: { status: 'down' } } })
})

it('a file that looks like an error is downloaded all the same', async () => {
  const { client } = clientOf(() => Response.json(errorOf('api_error')))
  expect(await (await downloadFile(client, 'f')).json()).toEqual(errorOf('api_error'))
})

it.each([
  [{ error: { code: 429, message: 'Busy.' } }, 'rate_limit'],
  [{ error: { code: '503', message: 'Busy.' } }, 'server'],
  [{ error: { code: 'quota', message: 'Busy.' } }, 'server'],
  [{ error: 'Busy.' }, 'server'],
  [errorOf('timeout_error'), 'server'],
  [errorOf('permission_error'), 'permission_denied'],
  [errorOf('request_too_large'), 'request_too_large'],
])('a gateway that answers 200 with %j has failed', async (body, code) => {
  const { client } = clientOf(() => Response.json(body), { retry: { maxRetries: 0 } })
  await expect(createMessage(client, params)).rejects.toMatchObject({ code, message: expect.stringMatching(/Busy|No/) })
})

it.each(['null', '5', '"text"', '', '<html>'])(
  'an answer that is %s is a StreamParseError, and no message',
  async (body) => {
    const { client } = clientOf(() => new Response(body))
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(StreamParseError)
  },
)

it('an answer of JSON has a limit', async () => {
  const chunk = new TextEncoder().encode(`"${'x'.repeat(2 ** 20)}",`)
  let chunks = 0
  const body = () =>
    new ReadableStream(
      { pull: (stream) => (chunks++ ? stream.enqueue(chunk) : stream.enqueue(new TextEncoder().encode('['))) },
      { highWaterMark: 0 },
    )
  const { client, sent } = clientOf(() => new Response(body()))
  await expect(createMessage(client, params)).rejects.toMatchObject({ code: 'stream_parse' })
  expect(chunks).toBeLessThan(70)
  expect(sent()).toBe(1)
})

describe('a limit on spending', () => {
  const text = 'You have reached your API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.'
  const codes = ['enforced_spend_limit_reached', 'contract_spend_limit_reached', 'ramp_limit_exceeded']

  it.each(codes)('of the code %s is not tried again, and says when it ends', async (error_code) => {
    const body = errorOf('rate_limit_error', text, { error_code, extra: 1 })
    const { client, sent } = clientOf(() => Response.json(body, { status: 429, headers: { 'x-should-retry': 'true' } }))
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ errorCode: error_code, details: { error_code, extra: 1 }, retryable: false })
    expect(error.resetsAt).toEqual(new Date('2026-12-01T00:00:00Z'))
    expect(sent()).toBe(1)
    expect(errorFromJSON(JSON.parse(JSON.stringify(errorToJSON(error))))).toMatchObject({
      errorCode: error_code,
      retryable: false,
      resetsAt: error.resetsAt,
    })
  })

  it.each(['', 'workspace '])('that you have set yourself (%s) is a BillingError', async (whose) => {
    const message = `You have reached your specified ${whose}API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.`
    const { client } = clientOf(() => Response.json(errorOf('invalid_request_error', message), { status: 400 }))
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toBeInstanceOf(BillingError)
    expect(error.resetsAt).toEqual(new Date('2026-12-01T00:00:00Z'))
  })
})

it('an alias that is sent as a model is not found, with a hint', async () => {
  const { client } = clientOf(() => Response.json(errorOf('not_found_error', 'model: haiku'), { status: 404 }))
  await expect(createMessage(client, { ...params, model: 'haiku' })).rejects.toThrow(
    '404 not_found_error: model: haiku (resolveModel gives the id of an alias)',
  )
})

describe('a response that somebody has read', () => {
  it('in a middleware is one request, and an error that says what to do', async () => {
    for (const status of [200, 500]) {
      const { client, sent } = clientOf(() => Response.json({}, { status }), {
        middleware: [
          async (request, next) => {
            const response = await next(request)
            await response.text()
            return response
          },
        ],
      })
      const streamed = send(client, { method: 'POST', path: '/', stream: true }, {}, async () => expect.fail())
      for (const call of [createMessage(client, params), streamed]) {
        await expect(call).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('clone()') })
      }
      expect(sent()).toBe(2)
    }
  })

  it('as a clone is good', async () => {
    const texts: string[] = []
    const { client } = clientOf(() => Response.json({ id: 'msg_1' }), {
      middleware: [
        async (request, next) => {
          const response = await next(request)
          texts.push(await response.clone().text())
          return response
        },
      ],
    })
    expect(await createMessage(client, params)).toEqual({ id: 'msg_1' })
    expect(texts).toEqual(['{"id":"msg_1"}'])
  })
})

describe('where bodies are no web streams', () => {
  /** As React Native's fetch answers. */
  const whole = (body: object, status = 200) =>
    ({
      ok: status < 400,
      status,
      headers: new Headers({ 'request-id': 'req_1' }),
      text: async () => JSON.stringify(body),
    }) as Response

  it('an answer is read', async () => {
    const { client } = clientOf(() => whole({ id: 'msg_1' }))
    expect(await createMessage(client, params)).toEqual({ id: 'msg_1' })
  })

  it('an error has its text', async () => {
    const { client, sent } = clientOf(() => whole(errorOf('invalid_request_error', 'max_tokens: too many'), 400))
    await expect(createMessage(client, params)).rejects.toMatchObject({ message: expect.stringContaining('too many') })
    expect(sent()).toBe(1)
  })

  it('what could only stream is refused before it is sent', async () => {
    const { client } = clientOf(() => expect.fail('it was sent'))
    // By the platform's own fetch.
    const own = Object.assign(Object.create(client), { fetch: undefined })
    const given = { Response, fetch }
    Object.assign(globalThis, {
      Response: class {},
      fetch: Object.assign(() => expect.fail('it was sent'), { polyfill: true }),
    })
    try {
      const call = send(own, { method: 'POST', path: '/', stream: true }, {}, async () => expect.fail('it was read'))
      await expect(call).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('fetch must be') })
    } finally {
      Object.assign(globalThis, given)
    }
  })
})

it('an error prints its code', () => {
  expect(inspect(new APIError('m', { status: 418 }))).toContain("code: 'api'")
})
