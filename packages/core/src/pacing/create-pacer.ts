import { mergeOptions } from '../client/merge-options.ts'
import type { Middleware, OutgoingRequest } from '../client/middleware.ts'
import type { MessageParams } from '../wire/index.ts'
import { createPool, type Pool } from './pool.ts'
import { rateLimitPool } from './rate-limit-pool.ts'

/** What a pacer knows before the API has told it. */
export interface PacerOptions {
  /**
   * The most requests under way at once for one key and pool of models; a stream counts until it is read to its end or given
   * up. Default 0: as many as the server's limits allow.
   */
  concurrency?: number | undefined
  /**
   * The longest pause to wait out that the server asks for with `retry-after`; during a longer one whoever waits or comes
   * gets a `RateLimitError`. Default 60,000.
   */
  maxPauseMs?: number | undefined
}

/** Holds requests back as the limits of the API want it, see `createPacer`. */
export interface Pacer {
  /** For `createClient({ middleware: [pacer.middleware] })`, of as many clients as share the limits. */
  readonly middleware: Middleware
}

/**
 * Spaces requests so that a burst of them waits its turn instead of collecting 429s. Worth having wherever many calls are
 * made at once, as in a batch job or a server; one pacer for the process. A single call at a time needs none.
 *
 * It goes by the `anthropic-ratelimit-*` headers of every answer, and counts what is on its way: requests, input tokens
 * (estimated by the request's length, the better the more have been answered) and output tokens. Where a server sends
 * no such headers, it starts with a few requests at once and goes on to more; a 429 or 529 halves their number. A
 * `retry-after` holds all of them back. Who comes first goes first, and retries go before new requests. Waiting does not
 * use up `timeoutMs`, but `deadlineMs`; an abort ends it. Its place is before a usage meter, so that no budget is reserved
 * for who waits.
 *
 * Limits are taken to be those of one key and one pool of models: each model has its own, but those of Claude 4 share one
 * for each family, as do Fable 5 and 5.1, and all Mythos; the requests that name no model share theirs. Other processes with the same key are noticed
 * by what they leave over.
 *
 * @throws {ConfigError} an option is not usable
 * @see https://platform.claude.com/docs/en/api/rate-limits
 * @example
 * const pacer = createPacer({ concurrency: 100 })
 * const client = createClient({ middleware: [pacer.middleware] })
 * const messages = await Promise.all(prompts.map((content) =>
 *   createMessage(client, { model, max_tokens: 1024, messages: [{ role: 'user', content }] })))
 */
export function createPacer(options?: PacerOptions): Pacer {
  const { concurrency, maxPauseMs } = mergeOptions({ concurrency: 0, maxPauseMs: 60_000 }, options)
  const lanes = new Map<string, Pool>()
  return {
    middleware(request, next) {
      const key = laneOf(request)
      const lane = lanes.get(key) ?? createPool(concurrency || Infinity, maxPauseMs)
      // The one used last stands last.
      lanes.delete(key)
      lanes.set(key, lane)
      forgetIdle(lanes)
      return lane.enter(request, next)
    },
  }
}

const maxLanes = 1_000

/** Lets go of the lanes that were used least lately, but never of one where somebody waits. */
function forgetIdle(lanes: Map<string, Pool>): void {
  let tries = 2
  for (const [key, lane] of lanes) {
    if (lanes.size <= maxLanes || !tries--) return
    lanes.delete(key)
    if (!lane.idle) lanes.set(key, lane)
  }
}

/** Requests that name no model may have an id in their path, so all of them go together. */
function laneOf({ url, headers, params }: OutgoingRequest): string {
  const { origin, pathname } = new URL(url)
  const { model, speed } = Object(params) as Partial<MessageParams>
  const modelClass = model && [pathname, speed, rateLimitPool(model)]
  return [origin, headers.get('x-api-key'), headers.get('authorization'), modelClass].join()
}
