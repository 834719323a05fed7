import { ConfigError } from '../errors/config-error.ts'
import { defaultRetry, type RetryOptions } from '../http/retry.ts'
import { readEnvironment } from './environment.ts'
import type { Logger } from './logger.ts'
import type { Middleware } from './middleware.ts'

/** A secret, or a function that gives one; the function is asked before every attempt. */
export type Credential = string | (() => string | Promise<string>)

export interface ClientOptions {
  /** Default: the environment's `ANTHROPIC_API_KEY`, then `CLAUDE_API_KEY`. A key `sk-ant-oat…` is sent as a bearer token. */
  apiKey?: Credential | undefined
  /** OAuth token, sent as a bearer token. Default: `ANTHROPIC_AUTH_TOKEN`, then `CLAUDE_CODE_OAUTH_TOKEN`. */
  authToken?: Credential | undefined
  /** The `anthropic-version` header. Default `2026-10-21`; `2023-06-01` still takes sampling parameters. */
  apiVersion?: string | undefined
  /** Without `/v1`. Default: `ANTHROPIC_BASE_URL`, then `CLAUDE_BASE_URL`, then `https://api.anthropic.com`. */
  baseURL?: string | undefined
  /** For the whole answer; for a stream, until its headers. Default 600,000; environment `CLAUDE_TIMEOUT`, in seconds. */
  timeoutMs?: number | undefined
  /** The longest silence inside a stream, pings counted as life. Default 120,000; 0 means for ever. */
  idleTimeoutMs?: number | undefined
  retry?: Partial<RetryOptions> | undefined
  /** Sent in `anthropic-beta` with every request. */
  betas?: string[] | undefined
  /** Sent with every request, over our own; may set any header. */
  headers?: HeadersInit | undefined
  /** Default: the platform's `fetch`, looked up at each request. */
  fetch?: typeof fetch | undefined
  /** Around every attempt, the first outermost. */
  middleware?: Middleware[] | undefined
  logger?: Logger | undefined
  /** Lets a browser page hold a credential. Everyone who opens the page can read it. */
  dangerouslyAllowBrowser?: boolean | undefined
}

/** Options with every default filled in; made by {@link createClient}, read by everything that takes a client. */
export interface Client {
  readonly apiKey?: Credential
  readonly authToken?: Credential
  readonly apiVersion: string
  readonly baseURL: string
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly retry: RetryOptions
  readonly betas: readonly string[]
  readonly headers: Headers
  readonly fetch?: typeof fetch
  readonly middleware: readonly Middleware[]
  readonly logger?: Logger
  readonly browser: boolean
}

const defaults = {
  apiVersion: '2026-10-21',
  baseURL: 'https://api.anthropic.com',
  timeoutMs: 600_000,
  idleTimeoutMs: 120_000,
  betas: [],
  middleware: [],
}

/**
 * Makes a client: plain settings, no connection. Nothing is sent until a function such as `createMessage` is called
 * with it.
 *
 * @throws {ConfigError} an option is not usable, or a browser page would hold a credential without
 * `dangerouslyAllowBrowser`
 * @example
 * const client = createClient({ apiKey: 'sk-ant-…' })
 */
export function createClient(options: ClientOptions = {}): Client {
  const env = readEnvironment()
  // A token that is passed here is meant, even where the environment has a key.
  if (options.authToken) env.apiKey = undefined
  const client = {
    ...defaults,
    ...given(env),
    ...given(options),
    retry: { ...defaultRetry, ...given(options.retry) },
    headers: new Headers(options.headers),
    browser: typeof window === 'object' && typeof document === 'object',
  }
  client.baseURL = client.baseURL.replace(/\/+$/, '')
  check(
    /^https?:\/\/[^/?#]+(?!.*\/v1$)[^?#]*$/.test(client.baseURL),
    'baseURL',
    'like https://host, without /v1',
    client.baseURL,
  )
  for (const name of ['timeoutMs', 'idleTimeoutMs'] as const) check(client[name] >= 0, name, '0 or more', client[name])
  if (client.browser && !options.dangerouslyAllowBrowser && (client.apiKey || client.authToken)) {
    throw new ConfigError('A page shows its credential to everyone: use a server, or set dangerouslyAllowBrowser.')
  }
  // Inherited settings are read as usual, but neither `console.log` nor `JSON.stringify` shows the credential in them.
  return Object.create(client)
}

/** An option that is `undefined` is one that was not given. */
function given<T extends object>(options: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as never
}

function check(ok: boolean, name: string, expected: string, value: unknown): void {
  if (!ok) throw new ConfigError(`${name} must be ${expected}, not ${value}.`)
}
