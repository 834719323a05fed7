import type { ContentBlock, MessageParams, StopReason } from '@enjamb/core'
import { blockTokens } from '../tokens/block-tokens.ts'

/** What ended an answer before its own end. */
export interface TextCut {
  content: ContentBlock[]
  stopReason: StopReason
  stopSequence: string | null
}

/** Ends an answer where the request says so: at a stop sequence in its text, or at `max_tokens`. */
export function cutText(
  content: ContentBlock[],
  { stop_sequences = [], max_tokens }: Pick<MessageParams, 'stop_sequences' | 'max_tokens'>,
): TextCut | undefined {
  let left = max_tokens
  for (const [index, block] of content.entries()) {
    if (block.type === 'text') {
      const stop = firstStop(block.text, stop_sequences)
      const whole = stop ? block.text.slice(0, stop.at) : block.text
      const text = firstTokens(whole, left)
      if (text !== whole || stop) {
        const kept = [...content.slice(0, index), ...(text === '' ? [] : [{ ...block, text }])]
        if (text !== whole) return { content: kept, stopReason: 'max_tokens', stopSequence: null }
        return { content: kept, stopReason: 'stop_sequence', stopSequence: stop?.sequence ?? null }
      }
    }
    left -= blockTokens(block)
  }
  return undefined
}

function firstStop(text: string, sequences: string[]): { at: number; sequence: string } | undefined {
  return sequences
    .map((sequence) => ({ at: text.indexOf(sequence), sequence }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)[0]
}

function firstTokens(text: string, tokens: number): string {
  // No character of a text takes more than three bytes for each of its units.
  if (text.length * 3 <= tokens * 4) return text
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= tokens * 4) return text
  // Decoding as a stream holds back a character that was cut in two.
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, tokens * 4)), { stream: true })
}
