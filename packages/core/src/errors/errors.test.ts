import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import * as core from '../index.ts'

const { apiErrorFromBody, apiErrorFromEvent, errorFromJSON, errorToJSON, isEnjambError } = core

describe('the class of an answer', () => {
  const cases: [status: number, type: string, name: keyof typeof core][] = [
    [400, 'invalid_request_error', 'InvalidRequestError'],
    [401, 'authentication_error', 'AuthenticationError'],
    [402, 'billing_error', 'BillingError'],
    [403, 'permission_error', 'PermissionDeniedError'],
    [404, 'not_found_error', 'NotFoundError'],
    [409, 'conflict_error', 'ConflictError'],
    [413, 'request_too_large', 'RequestTooLargeError'],
    [429, 'rate_limit_error', 'RateLimitError'],
    [500, 'api_error', 'ServerError'],
    [504, 'timeout_error', 'ServerError'],
    [529, 'overloaded_error', 'OverloadedError'],
  ]

  it.each(cases)('%i, or a %s event, is a %s', (status, type, name) => {
    const body = { type: 'error', error: { type, message: 'No.' }, request_id: 'req_1' }
    for (const error of [apiErrorFromBody(JSON.stringify(body), status), apiErrorFromEvent(body)]) {
      // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a test has no bundle.
      expect(error).toBeInstanceOf(core[name])
      expect(error).toMatchObject({ name, status, type, requestId: 'req_1', body, message: `${status} ${type}: No.` })
    }
  })

  it('is billing for a 400 about the credit balance, and the root for a status of no class', () => {
    const low = {
      error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
    }
    expect(apiErrorFromBody(JSON.stringify(low), 400)).toBeInstanceOf(core.BillingError)
    expect(apiErrorFromBody('', 418)).toMatchObject({ name: 'APIError', code: 'api', retryable: false })
    expect(apiErrorFromEvent({ type: 'error', error: { type: 'brand_new_error', message: '?' } })).toMatchObject({
      name: 'ServerError',
      status: 500,
    })
  })

  it('hides credentials that an answer repeats', () => {
    const error = apiErrorFromBody('{"error":{"message":"key sk-ant-api03-abc_DEF-123 is bad"}}', 401)
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('abc_DEF')
  })

  it('prints without its headers', () => {
    const error = apiErrorFromBody('{}', 500, new Headers({ 'request-id': 'req_1', 'x-noise': 'noise' }))
    expect(inspect(error)).not.toContain('noise')
    expect(error.headers?.get('x-noise')).toBe('noise')
  })
})

const partial = { id: 'msg_1', content: [{ type: 'text', text: 'a' }] } as unknown as core.Message

const samples: Error[] = [
  new core.ConfigError('config'),
  new core.ConnectionError('connection', {
    cause: new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }),
  }),
  new core.RequestTimeoutError('timeout'),
  new core.IdleTimeoutError('idle'),
  new core.RequestAbortedError('aborted', { cause: 'a reason' }),
  new core.StreamInterruptedError('interrupted', { partial }),
  new core.StreamParseError('parse'),
  new core.MaxOutputTokensError('max', { partial }),
  new core.RefusalError('no', { partial, usage: { input_tokens: 1 } as core.Usage, cost: undefined }),
  new core.SchemaMismatchError('misfit', {
    issues: [{ message: 'is missing', path: ['a'] }],
    partial,
    usage: { input_tokens: 1 } as core.Usage,
    cost: core.costOf('haiku', { input_tokens: 1 }),
  }),
  new core.BudgetExceededError('budget', { estimatedCost: 2, limit: 1, remaining: 0.5, project: 'p' }),
  apiErrorFromBody('{"error":{"type":"rate_limit_error","message":"No."}}', 429, new Headers({ 'retry-after': '5' })),
  new TypeError('not ours'),
]

describe('errors as JSON', () => {
  it.each(samples.map((error) => [error.name, error] as const))(
    '%s keeps its class, fields, stack and causes',
    (_, error) => {
      const json = JSON.parse(JSON.stringify(errorToJSON(error)))
      const back = errorFromJSON(json)
      if (isEnjambError(error)) expect(back).toBeInstanceOf(error.constructor)
      expect({ ...back, name: back.name, message: back.message, stack: back.stack }).toEqual({
        ...error,
        name: error.name,
        message: error.message,
        stack: error.stack,
      })
      const withoutStack = (json: core.ErrorJSON) =>
        JSON.parse(JSON.stringify(json, (key, value) => (key === 'stack' ? undefined : value)))
      expect(withoutStack(errorToJSON(back))).toEqual(withoutStack(errorToJSON(error)))
    },
  )

  it('come back as their class from a worker', async () => {
    const bundle = await build({
      stdin: {
        contents: `import { parentPort } from 'node:worker_threads'; import { RateLimitError, errorToJSON } from './index.ts'
          parentPort.postMessage(errorToJSON(new RateLimitError('slow', { status: 429, retryAfterMs: 5, resetsAt: new Date(7) })))`,
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
      },
      bundle: true,
      minify: true,
      format: 'esm',
      conditions: ['@enjamb/source'],
      platform: 'node',
      write: false,
    })
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(bundle.outputFiles[0]!.text)}`))
    const json = await new Promise<core.ErrorJSON>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    )
    await worker.terminate()
    const error = errorFromJSON(json)
    expect(error).toBeInstanceOf(core.RateLimitError)
    expect(error).toMatchObject({ name: 'RateLimitError', retryAfterMs: 5, resetsAt: new Date(7) })
  })

  it('takes what is no error, and what refers to itself, without failing', () => {
    const circle: Error = new Error('circle')
    circle.cause = circle
    expect(errorFromJSON(errorToJSON(circle)).message).toBe('circle')
    const odd = Object.assign(new Error('odd'), { self: {} as unknown, big: 1n })
    odd.self = odd
    expect(errorToJSON(odd).message).toBe('odd')
    expect(errorToJSON('text')).toMatchObject({ message: 'text' })
    expect(errorToJSON(undefined)).toMatchObject({ message: 'undefined' })
  })

  it('of another library keep the fields they came with', () => {
    const error = Object.assign(new TypeError('refused', { cause: 'net' }), { code: 'ECONNREFUSED', port: 443 })
    const back = errorFromJSON(JSON.parse(JSON.stringify(errorToJSON(error))))
    expect(back).toMatchObject({ name: 'TypeError', message: 'refused', code: 'ECONNREFUSED', port: 443 })
    expect(back.cause).toMatchObject({ message: 'net' })
  })

  it('of a class that is not known here keep their name and code', () => {
    const json = { name: 'TurnLimitError', code: 'turn_limit', message: 'm', fields: { turns: 5 } }
    const back = errorFromJSON(json)
    expect(isEnjambError(back)).toBe(true)
    expect(back).toMatchObject(json.fields)
    expect(errorToJSON(back)).toMatchObject(json)
  })

  it.each([undefined, 'rate_limit', 'constructor'])('that someone forged (code %s) change no prototype', (code) => {
    const fields = JSON.parse('{"__proto__":{"forged":true},"name":"x","code":"y","retryable":true,"status":429}')
    const json: core.ErrorJSON = { name: 'Forged', message: 'm', fields, ...(code ? { code } : {}) }
    const back = errorFromJSON(json)
    expect(back).not.toHaveProperty('forged')
    expect(back).toBeInstanceOf(Error)
  })

  it('of a code from the future are of the root', () => {
    expect(errorFromJSON({ name: 'NewError', code: 'constructor', message: 'm', fields: {} })).toBeInstanceOf(
      core.EnjambError,
    )
  })
})

describe('recognition', () => {
  it('works across copies and minification, and takes nothing else for ours', async () => {
    const bundle = await build({
      stdin: {
        contents: `export { OverloadedError } from './index.ts'`,
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
      },
      bundle: true,
      minify: true,
      format: 'esm',
      conditions: ['@enjamb/source'],
      write: false,
    })
    const copy = await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(bundle.outputFiles[0]!.text)}`
    )
    const error = new copy.OverloadedError('m', { status: 529 })
    expect(error).not.toBeInstanceOf(core.OverloadedError)
    expect(isEnjambError(error)).toBe(true)
    expect(error).toMatchObject({ name: 'OverloadedError', code: 'overloaded' })
    expect(error.stack).toMatch(/^OverloadedError: m/)
    for (const other of [new Error('x'), null, undefined, 'text', {}, new DOMException('x', 'TimeoutError')])
      expect(isEnjambError(other)).toBe(false)
  })
})

it('20,000 errors within one another are written and read', () => {
  let error: Error = new Error('first')
  for (let depth = 0; depth < 20_000; depth++) error = new core.ConnectionError('next', { cause: error })
  const json = errorToJSON(error)
  expect(errorFromJSON(json)).toMatchObject({ code: 'connection', cause: { cause: { code: 'connection' } } })
  let deep: core.ErrorJSON = json
  for (let depth = 0; depth < 20_000; depth++) deep = { name: 'Error', message: 'outer', cause: deep, fields: {} }
  expect(errorFromJSON(deep)).toMatchObject({ message: 'outer', cause: { message: 'outer' } })
})
