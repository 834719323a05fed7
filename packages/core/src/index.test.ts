import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import * as core from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "APIError",
      "AuthenticationError",
      "BillingError",
      "BudgetExceededError",
      "ConfigError",
      "ConflictError",
      "ConnectionError",
      "EnjambError",
      "IdleTimeoutError",
      "InvalidRequestError",
      "MaxOutputTokensError",
      "NotFoundError",
      "OverloadedError",
      "PermissionDeniedError",
      "RateLimitError",
      "RefusalError",
      "RequestAbortedError",
      "RequestTimeoutError",
      "RequestTooLargeError",
      "SchemaMismatchError",
      "ServerError",
      "StreamInterruptedError",
      "StreamParseError",
      "addUsage",
      "answerStart",
      "apiErrorFromBody",
      "apiErrorFromEvent",
      "apiErrorIn",
      "asConnectionError",
      "batchResults",
      "bodyReader",
      "cancelBatch",
      "checkHealth",
      "checkOptions",
      "chooseModel",
      "costOf",
      "countRequest",
      "countTokens",
      "createBatch",
      "createClient",
      "createMessage",
      "createPacer",
      "createUsageMeter",
      "deleteBatch",
      "deleteFile",
      "downloadFile",
      "errorFromJSON",
      "errorToJSON",
      "excerpt",
      "findModel",
      "isEnjambError",
      "jsonSchema",
      "listBatches",
      "listFiles",
      "listModels",
      "memoryUsageStore",
      "messageRequest",
      "modelRow",
      "models",
      "modelsCheckedOn",
      "nearestName",
      "onAbort",
      "openServerCalls",
      "parseNDJSON",
      "parseRateLimits",
      "parseUsageLimit",
      "readJSON",
      "readerOf",
      "redact",
      "requestOptionNames",
      "resolveModel",
      "retrieveBatch",
      "retrieveFile",
      "retrieveModel",
      "selectModel",
      "send",
      "startTimer",
      "sumCosts",
      "toSendable",
      "toStrictSchema",
      "tryJSONSchema",
      "uploadFile",
      "usageByModel",
      "validateJSON",
      "version",
      "withOptions",
      "withReply",
    ]
  `)
})

it('says in its README what each of them is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(Object.keys(core).filter((name) => !readme.includes(name))).toEqual([])
})

it('knows its version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(core.version).toBe(version)
})

describe('createClient', () => {
  it.each([
    [{ baseURL: 'api.anthropic.com' }, 'baseURL'],
    [{ baseURL: 'https://user:secret@host' }, 'baseURL'],
    [{ baseURL: 'https://api.anthropic.com/?a=b' }, 'baseURL'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ idleTimeoutMs: -5 }, 'idleTimeoutMs'],
  ])('refuses %o, and names it', (options, name) => {
    expect(() => core.createClient(options)).toThrow(core.ConfigError)
    expect(() => core.createClient(options)).toThrow(name)
  })

  it.each(['', '/', '//', '/v1', '/v1/'])('takes a base URL with a path that ends in "%s", and drops that', (end) => {
    const baseURL = 'https://gateway.example/anthropic'
    expect(core.createClient({ baseURL: baseURL + end }).baseURL).toBe(baseURL)
  })

  it('refuses a credential in a page, unless it is told that it may be there', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    try {
      expect(() => core.createClient({ apiKey: 'k' })).toThrow(/dangerouslyAllowBrowser/)
      expect(core.createClient({ apiKey: 'k', dangerouslyAllowBrowser: true })).toMatchObject({ apiKey: 'k' })
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('takes CLAUDE_TIMEOUT in seconds', () => {
    vi.stubEnv('CLAUDE_TIMEOUT', '30')
    expect(core.createClient().timeoutMs).toBe(30_000)
    vi.stubEnv('CLAUDE_TIMEOUT', 'soon')
    expect(() => core.createClient()).toThrow(core.ConfigError)
    vi.unstubAllEnvs()
  })
})
