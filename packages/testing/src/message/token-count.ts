import type { ContentBlock, ContentBlockParam, CountTokensParams } from '@enjamb/core'

const encoder = new TextEncoder()
const perMessage = 4
const forTools = 346
const perImage = 1600
const perDocument = 3000

/**
 * The tokens of a prompt, roughly: a token for every four bytes of UTF-8 (rounded up for each text), 4 for each message,
 * 346 once where tools are offered, 1,600 for an image, 3,000 for a document that is not text. The same prompt always counts the same.
 */
export function countInputTokens(params: Omit<CountTokensParams, 'model'>): number {
  const { messages, system, tools = [] } = params
  let tokens = systemTokens(system)
  if (tools.length > 0) tokens += forTools
  for (const tool of tools) tokens += valueTokens(tool)
  for (const { content } of messages) tokens += perMessage + contentTokens(content)
  return tokens
}

/** The tokens of an answer's blocks, by the same rule; never 0, as even an empty answer costs a token. */
export function countOutputTokens(content: readonly ContentBlock[]): number {
  return Math.max(1, contentTokens(content))
}

/** A token for every four bytes of UTF-8, rounded up. */
export function textTokens(text: string): number {
  return Math.ceil(encoder.encode(text).length / 4)
}

/** The tokens of one block. */
export function blockTokens(block: ContentBlockParam | ContentBlock): number {
  switch (block.type) {
    case 'text':
      return textTokens(block.text)
    case 'thinking':
      return textTokens(block.thinking)
    case 'tool_use':
      return textTokens(block.name) + valueTokens(block.input)
    case 'tool_result':
      return contentTokens((block.content ?? '') as string | ContentBlockParam[])
    case 'image':
      return perImage
    case 'document':
      return block.source.type === 'text' ? textTokens(block.source.data) : perDocument
    default:
      return valueTokens(block)
  }
}

function systemTokens(system: CountTokensParams['system']): number {
  return system === undefined ? 0 : contentTokens(system)
}

function contentTokens(content: string | readonly (ContentBlockParam | ContentBlock)[]): number {
  if (typeof content === 'string') return textTokens(content)
  return content.reduce((sum, block) => sum + blockTokens(block), 0)
}

function valueTokens(value: unknown): number {
  // A mark for the cache is no part of the prompt: with or without it, the prompt counts the same.
  return textTokens(JSON.stringify(value, (key, inner) => (key === 'cache_control' ? undefined : inner)) ?? '')
}
