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
      "RequestAbortedError",
      "RequestTimeoutError",
      "RequestTooLargeError",
      "ServerError",
      "StreamInterruptedError",
      "StreamParseError",
      "apiErrorFromBody",
      "apiErrorFromEvent",
      "asConnectionError",
      "costOf",
      "countRequest",
      "countTokens",
      "createClient",
      "createMessage",
      "errorFromJSON",
      "errorToJSON",
      "findModel",
      "isEnjambError",
      "messageRequest",
      "models",
      "parseUsageLimit",
      "readJSON",
      "resolveModel",
      "send",
      "version",
    ]
  `)
})

it('knows its version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(core.version).toBe(version)
})

describe('createClient', () => {
  it.each([
    [{ baseURL: 'api.anthropic.com' }, 'baseURL'],
    [{ baseURL: 'https://api.anthropic.com/v1' }, 'baseURL'],
    [{ baseURL: 'https://api.anthropic.com/?a=b' }, 'baseURL'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ idleTimeoutMs: -5 }, 'idleTimeoutMs'],
  ])('refuses %o, and names it', (options, name) => {
    expect(() => core.createClient(options)).toThrow(core.ConfigError)
    expect(() => core.createClient(options)).toThrow(name)
  })

  it('takes a base URL with a path, and drops its last slash', () => {
    expect(core.createClient({ baseURL: 'https://gateway.example/anthropic/' }).baseURL).toBe(
      'https://gateway.example/anthropic',
    )
  })

  it('refuses a credential in a page, unless it is told that it may be there', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    try {
      expect(() => core.createClient({ apiKey: 'k' })).toThrow(/dangerouslyAllowBrowser/)
      expect(core.createClient({ apiKey: 'k', dangerouslyAllowBrowser: true }).browser).toBe(true)
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
