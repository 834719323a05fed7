import { findModel, type MessageParams } from '@enjamb/core'
import { mediaWithin, type Thread } from '@enjamb/tools'
import { firstDifference } from './cache/first-difference.ts'
import { withCacheMarks } from './cache/with-cache-marks.ts'
import type { ContextOptions } from './context-options.ts'

/** Options of {@link prepareRequests}. */
export interface PrepareOptions {
  cache?: ContextOptions['cache']
  /** The request that came last, where another process sent it. */
  before?: MessageParams | undefined
  /** Gets the first block in which a request is not as the one before it began. */
  onBreak?: ((where: string) => void) | undefined
}

export interface SessionThread extends Thread {
  /** The history goes on from an earlier place: the next request has what the last one had up to there. */
  cutAfter(messages: number): void
}

/**
 * The `thread` of a session's runs that gives each request its form: of the history, which stays whole, no more pictures and
 * documents than the API takes, and marks for the cache. It tells where a request misses that.
 */
export function prepareRequests({ cache, before, onBreak }: PrepareOptions): SessionThread {
  let last = before && withinLimits(before)
  return {
    toRequest(params, options) {
      const request = withinLimits(params)
      const where = last && firstDifference(last, request)
      last = request
      if (where !== undefined) onBreak?.(where)
      return [withCacheMarks(request, cache), options]
    },
    cutAfter(messages) {
      last = last && { ...last, messages: last.messages.slice(0, messages) }
    },
    hold() {},
    recovers: () => false,
  }
}

/** A request with no more pictures than its model takes. */
export function withinLimits<Params extends Pick<MessageParams, 'model' | 'messages'>>(params: Params): Params {
  const messages = mediaWithin(params.messages, { maxImages: findModel(params.model)?.images.max })
  return messages === params.messages ? params : { ...params, messages }
}
