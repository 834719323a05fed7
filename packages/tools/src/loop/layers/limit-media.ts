import type { ContentBlockParam, MessageParam } from '@enjamb/core'
import { imageSize } from '../../image-format.ts'
import type { RunOptions } from '../run-options.ts'
import { withoutThinking } from '../without-thinking.ts'

/** What a request may hold in pictures and documents. */
export interface MediaLimits {
  /** Default 100, which every model takes; those with a context window of a million tokens take 600. */
  maxImages?: number | undefined
  /** Of all their data, as it is sent. Default 24,000,000: the API takes 32 MB, text included. */
  maxBytes?: number | undefined
}

/**
 * A `beforeTurn` that keeps a history within what the API takes in one request: of pictures and documents, where there are
 * too many, the oldest are each replaced by a text that says so. Since every change of the history costs its prompt cache,
 * a quarter of what is allowed is made free at once; thinking, which is bound to what stood before it, goes, too.
 *
 * @example
 * const run = runTools(client, params, { beforeTurn: limitMedia() })
 */
export function limitMedia({
  maxImages = 100,
  maxBytes = 24_000_000,
}: MediaLimits = {}): NonNullable<RunOptions['beforeTurn']> {
  return ({ messages }) => {
    const media = messages.flatMap(({ content }) => mediaIn(content))
    // By their places, as one block may stand in several.
    const gone = new Set<number>()
    const trim = (limit: number, weigh: (block: ContentBlockParam) => number) => {
      let sum = media.reduce((sum, block, at) => sum + (gone.has(at) ? 0 : weigh(block)), 0)
      if (sum <= limit) return
      for (const [at, block] of media.entries()) {
        if (sum <= limit * 0.75) return
        const weight = gone.has(at) ? 0 : weigh(block)
        if (weight) gone.add(at)
        sum -= weight
      }
    }
    trim(maxBytes, dataLength)
    trim(maxImages, (block) => (block.type === 'image' ? 1 : 0))
    const images = media.filter((block, at) => block.type === 'image' && !gone.has(at))
    if (images.length > crowd) {
      const small = images.filter((block) => !isLarge(block)).length
      trim(Math.max(0, crowd - small), (block) => (isLarge(block) ? 1 : 0))
    }
    if (!gone.size) return undefined
    let at = 0
    const isGone = () => gone.has(at++)
    const kept = messages.map((message) => ({ ...message, content: without(isGone, message.content) }) as MessageParam)
    return { messages: withoutThinking(kept) }
  }
}

/** From so many images in a request on, the API takes none with a side of more than 2,000 pixels. */
const crowd = 20
const maxPixels = 2_000
const large = new WeakMap<ContentBlockParam, boolean>()

function isLarge(block: ContentBlockParam): boolean {
  let known = large.get(block)
  if (known === undefined) {
    // The size stands at the beginning, and a picture may have megabytes.
    const start = dataOf(block).slice(0, 200_000)
    const isBase64 = /^[A-Za-z0-9+/]*$/.test(start)
    const bytes = Uint8Array.from(isBase64 ? atob(start.slice(0, start.length & ~3)) : '', (byte) => byte.charCodeAt(0))
    known = block.type === 'image' && Math.max(...imageSize(bytes)) > maxPixels
    large.set(block, known)
  }
  return known
}

function dataOf(block: ContentBlockParam): string {
  const { data } = (block as { source: { data?: unknown } }).source
  return typeof data === 'string' ? data : ''
}

function dataLength(block: ContentBlockParam): number {
  return dataOf(block).length
}

function mediaIn(content: MessageParam['content'] | undefined): ContentBlockParam[] {
  if (typeof content !== 'object') return []
  return content.flatMap((block): ContentBlockParam[] => {
    if (block.type === 'tool_result') return mediaIn(block.content as MessageParam['content'])
    return block.type === 'image' || block.type === 'document' ? [block] : []
  })
}

function without(isGone: () => boolean, content: MessageParam['content']): MessageParam['content'] {
  if (typeof content === 'string') return content
  return content.map((block): ContentBlockParam => {
    if ((block.type === 'image' || block.type === 'document') && isGone())
      return { type: 'text', text: `[An older ${block.type} is left out here: there were too many.]` }
    if (block.type !== 'tool_result' || typeof block.content !== 'object') return block
    return { ...block, content: without(isGone, block.content as ContentBlockParam[]) as typeof block.content }
  })
}
