import type { ContentBlock, ContentBlockParam } from '@enjamb/core'

const perImage = 1600
const perDocument = 3000

/** The tokens of an answer's blocks; never 0, as even an empty answer costs a token. */
export function countOutputTokens(content: readonly ContentBlock[]): number {
  return Math.max(1, contentTokens(content))
}

/** A token for every four bytes of UTF-8, rounded up. */
export function textTokens(text: string): number {
  return Math.ceil(utf8Length(text) / 4)
}

/** Counted, not encoded: prompts are long, and only the length matters. */
function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Each half of a pair makes two of its four bytes; a lone one becomes U+FFFD, which has three.
    const isPair = unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    if (isPair) {
      bytes += 2
      at++
    } else {
      bytes += unit < 0x800 ? 1 : 2
    }
  }
  return bytes
}

/** The tokens of one block: its text's; 1,600 for an image, 3,000 for a document that is not text. */
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

/** The tokens of a value's JSON. */
export function valueTokens(value: unknown): number {
  // A mark for the cache is no part of the prompt: with or without it, the prompt counts the same.
  return textTokens(JSON.stringify(value, (key, inner) => (key === 'cache_control' ? undefined : inner)) ?? '')
}

function contentTokens(content: string | readonly (ContentBlockParam | ContentBlock)[]): number {
  if (typeof content === 'string') return textTokens(content)
  return content.reduce((sum, block) => sum + blockTokens(block), 0)
}
