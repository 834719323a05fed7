import type { ContentBlock, ContentBlockParam } from '@enjamb/core'
import { refuse } from './openai-error.ts'

export type Thinking = Extract<ContentBlock, { type: 'thinking' | 'redacted_thinking' }>

/**
 * Thinking as clients carry it from one request to the next without reading it: whole, with the signature by which the API
 * knows it for its own.
 */
export function sealThinking(block: Thinking): string {
  const kept =
    block.type === 'thinking' ? { thinking: block.thinking, signature: block.signature } : { data: block.data }
  const bytes = new TextEncoder().encode(JSON.stringify(kept))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** @throws {OpenAIError} it is none of this server's: of OpenAI's, say */
export function unsealThinking(sealed: string, param: string): ContentBlockParam {
  try {
    const bytes = Uint8Array.from(atob(sealed), (char) => char.charCodeAt(0))
    const { thinking, signature, data } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    if (typeof data === 'string') return { type: 'redacted_thinking', data }
    if (typeof thinking === 'string' && typeof signature === 'string') return { type: 'thinking', thinking, signature }
  } catch {}
  return refuse(param, 'must be as this server has given it.', 'invalid_value')
}

export function isThinking<Block extends { type: string }>(
  block: Block,
): block is Extract<Block, { type: Thinking['type'] }> {
  return block.type === 'thinking' || block.type === 'redacted_thinking'
}
