import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { redact } from '../../errors/redact.ts'
import { apiErrorFromBody, apiErrorFromEvent } from '../../index.ts'

const withId = (request_id: unknown) =>
  JSON.stringify({ error: { type: 'api_error', message: 'No.' }, ...(request_id === undefined ? {} : { request_id }) })

describe('the request id', () => {
  it.each([
    ['req_body', 'req_header', 'req_header'],
    [null, 'req_header', 'req_header'],
    [undefined, 'req_header', 'req_header'],
    ['req_body', undefined, 'req_body'],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('is, with %o in the body and %o in the header, %o', (inBody, inHeader, expected) => {
    const headers = new Headers(inHeader === undefined ? {} : { 'request-id': inHeader })
    expect(apiErrorFromBody(withId(inBody), 500, headers).requestId).toBe(expected)
  })
})

describe('the message', () => {
  it.each([
    ['{"error":{"message":"Lacks its type"}}', '502 error: Lacks its type'],
    ['{"message":"Forbidden"}', '502 error: {"message":"Forbidden"}'],
    ['{"error":"upstream"}', '502 error: {"error":"upstream"}'],
    ['{"error":null}', '502 error: {"error":null}'],
    ['{"error":{"type":"api_error"}}', '502 api_error: {"error":{"type":"api_error"}}'],
    ['[]', '502 error: []'],
    ['null', '502 error: null'],
    ['<html><title>502</title>\n\n<p>Bad gateway</p></html>', '502 error:  502 Bad gateway '],
    // Once quadratic: a minute and more.
    ['<'.repeat(2 ** 18), `502 error: ${'<'.repeat(200)}`],
    ['', '502 error: '],
    ['x'.repeat(100_000), `502 error: ${'x'.repeat(200)}`],
  ])('of %.40s says what was there', (body, expected) => {
    const { message } = apiErrorFromBody(body, 502)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })
})

it.each(['{"error":{"message":{"deep":1}}}', '{"error":[1]}', '{"error":5,"request_id":7}', 'true'])(
  'a body as odd as %s is still an error of its status',
  (body) => {
    expect(apiErrorFromBody(body, 429)).toMatchObject({ name: 'RateLimitError', body: JSON.parse(body) })
  },
)

it('a body of JSON that names __proto__ changes no prototype', () => {
  const error = apiErrorFromBody('{"__proto__":{"status":1},"error":{"__proto__":{"type":"x"},"message":"m"}}', 500)
  expect([error.status, error.type, error.message]).toEqual([500, undefined, '500 error: m'])
})

it.each([undefined, null, 'text', {}, { error: null }, { error: { type: 'constructor' } }])(
  'an error event that is %o is a server error',
  (event) => {
    expect(apiErrorFromEvent(event)).toMatchObject({ name: 'ServerError', status: 500, retryable: true })
  },
)

it('a wait is said only where the server asked for one', () => {
  expect(apiErrorFromBody('{}', 429)).not.toHaveProperty('retryAfterMs')
  expect(apiErrorFromBody('{}', 429, new Headers({ 'retry-after': '2' }))).toMatchObject({ retryAfterMs: 2_000 })
})

it.each(['sk-ant-api03-Ab_9-xyz', 'sk-ant-oat01-Ab_9-xyz', 'sk-ant-abcdefghij', 'sk-ant-admin01-xyz'])(
  'nothing of %s is left where an answer repeats it',
  (key) => {
    const secret = key.slice('sk-ant-'.length)
    const bodies = [
      `bad ${key}.`,
      `<b>${key}</b>`,
      JSON.stringify({ error: { message: `"${key}"`, type: key }, [key]: 1 }),
    ]
    for (const body of bodies) {
      const error = apiErrorFromBody(body, 401)
      expect(error.message + JSON.stringify(error) + inspect(error, { depth: 9, showHidden: true })).not.toContain(
        secret,
      )
    }
    expect(redact(`${key} and ${key}`)).toBe('sk-ant-… and sk-ant-…')
  },
)
