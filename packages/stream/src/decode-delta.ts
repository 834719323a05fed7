import type { ContentBlockDelta, ContentBlockDeltaEvent } from '@enjamb/core'

// Exactly as the API writes it, padding before the last brace included; the string is one that JSON allows.
const usualForm =
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,8}),"delta":\{"type":"(?:text_delta","text|(thinking)_delta","thinking|(input)_json_delta","partial_json)":("[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*")\} *\}$/
// Matching takes memory for each escape, so a huge delta is left to `JSON.parse`.
const longest = 2 ** 16

/**
 * What `JSON.parse` gives for the deltas that make up nearly all of a stream, in a third of its time; `undefined` for
 * any other text. One compiled expression finds the parts that differ, and no key is read.
 */
export function decodeDelta(text: string): ContentBlockDeltaEvent | undefined {
  const match = text.length < longest && usualForm.exec(text)
  if (!match) return undefined
  const [, index, thinking, input, json] = match as unknown as [string, string, string?, string?, string]
  const value: string = json.includes('\\') ? JSON.parse(json) : json.slice(1, -1)
  // Written out, as a computed key costs more than all the rest.
  const delta: ContentBlockDelta = input
    ? { type: 'input_json_delta', partial_json: value }
    : thinking
      ? { type: 'thinking_delta', thinking: value }
      : { type: 'text_delta', text: value }
  return { type: 'content_block_delta', index: +index, delta }
}
