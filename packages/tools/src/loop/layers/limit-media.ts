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
 * A `beforeTurn` that keeps a history within what the API takes in one request, see {@link mediaWithin}.
 *
 * @example
 * const run = runTools(client, params, { beforeTurn: limitMedia() })
 */
export function limitMedia(limits: MediaLimits = {}): NonNullable<RunOptions['beforeTurn']> {
  return ({ messages }) => {
    const kept = mediaWithin(messages, limits)
    return kept === messages ? undefined : { messages: kept }
  }
}

/**
 * A history with no more pictures and documents than the API takes in one request: where there are too many, the oldest are each
 * replaced by a text that says so. Since every change of the history costs its prompt cache, they go in steps of a quarter of
 * what is allowed: longer histories begin in the same way until the next step. Thinking from before the last step goes, too,
 * as it is bound to what stood there.
 *
 * @returns the same array where there is room for all
 */
export function mediaWithin(
  messages: MessageParam[],
  { maxImages = 100, maxBytes = 24_000_000 }: MediaLimits = {},
): MessageParam[] {
  const media: { block: ContentBlockParam; message: number }[] = []
  for (const [message, { content }] of messages.entries()) {
    for (const block of mediaIn(content)) media.push({ block, message })
  }
  // By their places, as one block may stand in several.
  const gone = new Set<number>()
  let since = 0
  const trim = (weigh: (block: ContentBlockParam) => number, limitAt: (count: number, sum: number) => number) => {
    let [amount, sum, count] = [0, 0, 0]
    for (const [at, { block, message }] of media.entries()) {
      if (gone.has(at)) continue
      count += block.type === 'image' ? 1 : 0
      sum += weigh(block)
      const limit = limitAt(count, sum)
      if (sum <= limit) continue
      const step = limit / 4
      const needed = step ? Math.ceil((sum - limit) / step) * step : sum
      if (needed <= amount) continue
      amount = needed
      since = Math.max(since, message)
    }
    for (const [at, { block }] of media.entries()) {
      const weight = gone.has(at) || amount <= 0 ? 0 : weigh(block)
      if (weight) gone.add(at)
      amount -= weight
    }
  }
  trim(dataLength, () => maxBytes)
  trim(
    ({ type }) => (type === 'image' ? 1 : 0),
    () => maxImages,
  )
  const images = media.filter(({ block }, at) => block.type === 'image' && !gone.has(at))
  if (images.length > crowd) {
    trim(
      (block) => (isLarge(block) ? 1 : 0),
      (count, large) => (count > crowd ? Math.max(0, crowd - count + large) : Number.POSITIVE_INFINITY),
    )
  }
  if (!gone.size) return messages
  let at = 0
  const isGone = () => gone.has(at++)
  const kept = messages.map((message) => {
    const content = without(isGone, message.content)
    return content === message.content ? message : ({ ...message, content } as MessageParam)
  })
  return [...withoutThinking(kept.slice(0, since)), ...kept.slice(since)]
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

function mediaIn(content: MessageParam['content'] | undefined): readonly ContentBlockParam[] {
  // Most messages have none, and are asked about before each request.
  if (typeof content !== 'object' || content.every(isPlain)) return none
  return content.flatMap((block): readonly ContentBlockParam[] => {
    if (block.type === 'tool_result') return mediaIn(block.content as MessageParam['content'])
    return block.type === 'image' || block.type === 'document' ? [block] : []
  })
}

const none: readonly ContentBlockParam[] = []

function isPlain(block: ContentBlockParam): boolean {
  if (block.type === 'tool_result') return typeof block.content !== 'object'
  return block.type !== 'image' && block.type !== 'document'
}

/** The very same where all of it stays. */
function without(isGone: () => boolean, content: MessageParam['content']): MessageParam['content'] {
  if (typeof content === 'string') return content
  const kept = content.map((block): ContentBlockParam => {
    if ((block.type === 'image' || block.type === 'document') && isGone())
      return { type: 'text', text: `[An older ${block.type} is left out here: there were too many.]` }
    if (block.type !== 'tool_result' || typeof block.content !== 'object') return block
    const inner = without(isGone, block.content as ContentBlockParam[]) as typeof block.content
    return inner === block.content ? block : { ...block, content: inner }
  })
  return kept.some((block, at) => block !== content[at]) ? kept : content
}
