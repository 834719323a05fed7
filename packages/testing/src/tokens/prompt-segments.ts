import type { CacheControl, ContentBlockParam, CountTokensParams } from '@enjamb/core'
import { blockTokens, valueTokens } from './block-tokens.ts'

const perMessage = 4
const forTools = 346

/** One part of a prompt, in the order in which the API reads it. */
export interface PromptSegment {
  /** Equal for equal content; a mark for the cache is no part of it. Made when asked for: it costs more than a count. */
  content(): string
  tokens: number
  /** The mark that ends a prefix to cache here. */
  mark: CacheControl | undefined
}

export type Prompt = Omit<CountTokensParams, 'model'>

/**
 * A prompt as a list: the tools, the system's blocks, the messages' blocks, each with its tokens, roughly: one for every four
 * bytes of UTF-8 (rounded up for each text), 4 for each message, 346 once where tools are offered, 1,600 for an image, 3,000
 * for a document that is not text. The same prompt always counts the same.
 */
export function promptSegments({
  tools = [],
  system,
  messages,
  thinking,
  tool_choice,
  cache_control,
}: Prompt): PromptSegment[] {
  const segments = [
    ...tools.map((tool, index) => segment('tool', tool, valueTokens(tool) + (index === 0 ? forTools : 0))),
    ...blocksOf(system ?? []).map((block) => segment('system', block, blockTokens(block))),
  ]
  // Another way of thinking or choosing tools leaves the cache of tools and system alone, but not that of messages.
  let context = JSON.stringify([thinking, tool_choice])
  for (const { role, content } of messages) {
    for (const [index, block] of blocksOf(content).entries()) {
      segments.push(segment(`${context}${role}`, block, blockTokens(block) + (index === 0 ? perMessage : 0)))
      context = ''
    }
  }
  const last = segments.at(-1)
  if (last && cache_control) last.mark ??= cache_control
  return segments
}

function blocksOf(content: string | readonly ContentBlockParam[]): readonly ContentBlockParam[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function segment(kind: string, value: object, tokens: number): PromptSegment {
  const { cache_control: mark } = value as { cache_control?: CacheControl | null }
  const nested = marksWithin(value)
  return { content: () => `${kind}:${withoutMarks(value)}`, tokens, mark: mark ?? nested ?? undefined }
}

/** A mark on a block inside a tool's result ends the prefix with that result. */
function marksWithin({ content }: { content?: unknown }): CacheControl | undefined {
  if (!Array.isArray(content)) return undefined
  return (
    (content as { cache_control?: CacheControl | null }[]).findLast((block) => block.cache_control)?.cache_control ??
    undefined
  )
}

function withoutMarks(value: object): string {
  return JSON.stringify(value, (key, inner) => (key === 'cache_control' ? undefined : inner))
}
