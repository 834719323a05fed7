import { ConfigError } from '../errors/config-error.ts'
import { mergeHeaders } from '../http/merge-headers.ts'
import type { RetryOptions } from '../http/retry.ts'
import { version } from '../version.ts'
import { defaultOptions } from './default-options.ts'
import type { Logger } from './logger.ts'
import { mergeOptions } from './merge-options.ts'
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
  /** With or without `/v1` at its end. Default: `ANTHROPIC_BASE_URL`, then `CLAUDE_BASE_URL`, then `https://api.anthropic.com`. */
  baseURL?: string | undefined
  /**
   * For each attempt, until its whole answer is read; for a stream, until its headers. 0 means for ever.
   * Default 600,000; environment `CLAUDE_TIMEOUT`, in seconds.
   */
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
  /** What is sent with every request, credential and betas aside. */
  readonly headers: Headers
  readonly fetch?: typeof fetch
  readonly middleware: readonly Middleware[]
  readonly logger?: Logger
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
  const defaults = defaultOptions()
  // A token that is passed here is meant, even where the environment has a key.
  if (options.authToken) defaults.apiKey = undefined
  const client = mergeOptions<object>(defaults, options) as { -readonly [K in keyof Client]: Client[K] }
  client.retry = mergeOptions(defaults.retry, options.retry)
  client.baseURL = client.baseURL.replace(/(\/v1)?\/*$/, '')
  if (!/^https?:\/\/[^?#@\s]+$/.test(client.baseURL)) {
    throw new ConfigError('baseURL must be like https://host.')
  }
  const browser = typeof document === 'object'
  if (browser && !options.dangerouslyAllowBrowser && (client.apiKey || client.authToken)) {
    throw new ConfigError('dangerouslyAllowBrowser must be set for a key in a page: everyone can read it.')
  }
  const own = {
    'content-type': 'application/json',
    'anthropic-version': client.apiVersion,
    // A browser says who it is by itself, and would ask the server's leave for a user-agent.
    ...(browser ? { 'anthropic-dangerous-direct-browser-access': 'true' } : { 'user-agent': `enjamb/${version}` }),
  }
  client.headers = mergeHeaders(own, options.headers, 'headers')
  return mergeOptions(client)
}
