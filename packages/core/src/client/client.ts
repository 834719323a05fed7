import type { Logger } from './logger.ts'
import type { HeaderChange, HeaderOverrides } from './merge-headers.ts'
import type { Middleware } from './middleware.ts'
import type { RetryOptions } from './retry-options.ts'

/** Why a credential is asked for. */
export interface CredentialRequest {
  /** The API has just refused the last one with a 401: a new one is wanted. */
  readonly refresh: boolean
}

/**
 * A secret, or a function that gives one. The function is asked before every attempt, and, once for each call, again with
 * `refresh: true` when the API answers with a 401.
 */
export type Credential = string | ((request: CredentialRequest) => string | Promise<string>)

/** How a client asks: as whom, where, how long and how often. */
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
   * For each attempt, from its sending until its whole answer is read; for a stream, until its headers. 0 means for
   * ever. Default 600,000; environment `CLAUDE_TIMEOUT`, in seconds.
   */
  timeoutMs?: number | undefined
  /** The longest silence inside a stream, pings counted as life. Default 120,000; 0 means for ever. */
  idleTimeoutMs?: number | undefined
  /**
   * For all attempts of a call and the pauses between them together, until its whole answer is read; for a stream, until
   * its first content. Default 0: no limit.
   */
  deadlineMs?: number | undefined
  retry?: Partial<RetryOptions> | undefined
  /** Sent in `anthropic-beta` with every request. */
  betas?: string[] | undefined
  /** Sent with every request, over our own; may set any header, and `null` removes one. */
  headers?: HeaderOverrides | undefined
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
  readonly deadlineMs: number
  readonly retry: RetryOptions
  readonly betas: readonly string[]
  /** What the caller wants sent with every request, in the order of its giving. */
  readonly headers: readonly HeaderChange[]
  readonly fetch?: typeof fetch
  readonly middleware: readonly Middleware[]
  readonly logger?: Logger
  readonly dangerouslyAllowBrowser?: boolean
}
