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
  readonly apiKey: Credential | undefined
  readonly authToken: Credential | undefined
  readonly apiVersion: string
  readonly baseURL: string
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly retry: RetryOptions
  readonly betas: readonly string[]
  readonly headers: Headers
  readonly fetch: typeof fetch | undefined
  readonly middleware: readonly Middleware[]
  readonly logger: Logger | undefined
  readonly browser: boolean
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
  const explicit = options.apiKey ?? options.authToken
  const client: Client = {
    apiKey: explicit ? options.apiKey : env.apiKey,
    authToken: explicit ? options.authToken : env.authToken,
    apiVersion: options.apiVersion ?? '2026-10-21',
    baseURL: checkBaseURL(options.baseURL ?? env.baseURL ?? 'https://api.anthropic.com'),
    timeoutMs: checkMs('timeoutMs', options.timeoutMs ?? env.timeoutMs ?? 600_000),
    idleTimeoutMs: checkMs('idleTimeoutMs', options.idleTimeoutMs ?? 120_000),
    retry: { ...defaultRetry, ...options.retry },
    betas: options.betas ?? [],
    headers: new Headers(options.headers),
    fetch: options.fetch,
    middleware: options.middleware ?? [],
    logger: options.logger,
    browser: typeof window === 'object' && typeof document === 'object',
  }
  if (client.browser && !options.dangerouslyAllowBrowser && (client.apiKey ?? client.authToken)) {
    throw new ConfigError(
      'A credential in a browser can be read by everyone who opens the page. Call your own server instead, or set dangerouslyAllowBrowser: true.',
    )
  }
  hideCredentials(client)
  return client
}

/** `console.log(client)` and `JSON.stringify(client)` must not show a credential. */
function hideCredentials(client: Client): void {
  for (const field of ['apiKey', 'authToken', 'headers'] as const)
    Object.defineProperty(client, field, { enumerable: false })
}

function checkMs(name: string, value: number): number {
  if (value >= 0) return value
  throw new ConfigError(`${name} must be a number of milliseconds, 0 or more; it is ${value}.`)
}

function checkBaseURL(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new ConfigError(`baseURL must be a URL such as https://api.anthropic.com; it is "${text}".`)
  }
  const trimmed = text.replace(/\/+$/, '')
  if (/\/v1$|[?#]/.test(trimmed)) {
    throw new ConfigError(`baseURL must stand without /v1, query or fragment, which are added; it is "${text}".`)
  }
  return trimmed
}
