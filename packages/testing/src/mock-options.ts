import type { RateLimits } from './accounts/rate-limiter.ts'
import type { Bytes } from './bytes.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { Script } from './script/script.ts'
import type { TurnError } from './script/turn.ts'

/** What every form of the mock takes. */
export interface MockOptions {
  /** The replies; default: none, so that every request gets the default reply. */
  script?: Script
  /**
   * An error in place of an answer, at any endpoint: a status, or more of it, `status: 200` among them, as some gateways say it.
   * It uses no turn of the script. Default: none.
   */
  failure?: (request: RecordedRequest) => number | TurnError | undefined
  /** The keys and tokens to accept; default: any but an empty one. */
  apiKeys?: readonly string[]
  /** Names of models to serve besides the API's own. */
  models?: readonly string[]
  /** Values of `anthropic-beta` to accept besides the API's own; fields that they open are not looked at. */
  betas?: readonly string[]
  /**
   * Files that are there beside those that are uploaded: ids that messages may refer to, or whole files, which can be
   * downloaded as those that tools have made.
   */
  files?: readonly (string | MockFile)[]
  /** Makes ids and the cutting of streams repeatable; default: ids are random, and unique across processes. */
  seed?: string | number
  /** Pad the frames of streams with spaces, as the API does; default `true`. */
  padding?: boolean
  /** The largest body to accept, in bytes; a larger one is a 413. Default 32 MiB, as the API's. */
  maxBodyBytes?: number
  /**
   * How many requests, and answers in the ledger, to remember. Default 10,000; beyond it the oldest are forgotten, one for each
   * new one. What the ledger has summed up stays.
   */
  maxRecordedRequests?: number
  /** Limits to enforce with 429s and the `anthropic-ratelimit-*` headers; default: none. */
  rateLimits?: RateLimits
  /** The shortest prefix that the prompt cache takes, in tokens; default: what the model says. */
  minCacheableTokens?: number
  /** How long a batch is in progress, in milliseconds; default 0: it has ended when it is next looked at. Beyond a day, its requests expire. */
  batchDurationMs?: number
  /** The time in milliseconds, for the prompt cache, rate limits and dates; default `Date.now`. */
  now?: () => number
}

/** A file that a tool has made. */
export interface MockFile {
  id: string
  filename: string
  /** Default `application/octet-stream`. */
  mimeType?: string
  content: string | Bytes
}

export const defaults = {
  padding: true,
  maxBodyBytes: 32 * 1024 * 1024,
  maxRecordedRequests: 1_000,
  batchDurationMs: 0,
  now: () => Date.now(),
} satisfies MockOptions

export type NormalOptions = MockOptions & Required<Pick<MockOptions, keyof typeof defaults>>
