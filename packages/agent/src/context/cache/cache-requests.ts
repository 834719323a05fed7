import type { MessageParams } from '@enjamb/core'
import type { Thread } from '@enjamb/tools'
import type { ContextOptions } from '../context-options.ts'
import { firstDifference } from './first-difference.ts'
import { withCacheMarks } from './with-cache-marks.ts'

/** Options of {@link cacheRequests}. */
export interface CacheRequestsOptions {
  cache?: ContextOptions['cache']
  /** The request that came last, where another process sent it. */
  before?: MessageParams | undefined
  /** Gets the first block in which a request is not as the one before it began. */
  onBreak?: ((where: string) => void) | undefined
}

export interface CachedThread extends Thread {
  /** The history goes on from an earlier place: the next request has what the last one had up to there. */
  cutAfter(messages: number): void
}

/** The `thread` of a session's runs that marks each request for the cache, and tells where one misses it. */
export function cacheRequests({ cache, before: last, onBreak }: CacheRequestsOptions): CachedThread {
  let before = last
  return {
    toRequest(params, options) {
      const where = before && firstDifference(before, params)
      before = params
      if (where !== undefined) onBreak?.(where)
      return [withCacheMarks(params, cache), options]
    },
    cutAfter(messages) {
      before = before && { ...before, messages: before.messages.slice(0, messages) }
    },
    hold() {},
    recovers: () => false,
  }
}
