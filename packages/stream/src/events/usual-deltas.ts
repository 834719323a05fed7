import type { ContentBlockDelta, ContentBlockDeltaEvent } from '@enjamb/core'

// Exactly what the API writes, from one blank line to the next, padding before the last brace included.
const usualFrame =
  /(?:event: content_block_delta\n)?data: \{"type":"content_block_delta","index":(0|[1-9]\d{0,8}),"delta":\{"type":"(?:text_delta","text|(thinking)_delta","thinking|(input)_json_delta","partial_json)":"([ !#-[\]-\uffff]*(?:\\.[ !#-[\]-\uffff]*)*)"\} *\}\n\n/y

/**
 * Decodes the frames at the beginning of a text for as long as they are deltas of text, thinking or tool input, as
 * nearly all of a stream is, in the form the API gives them: with the result of `JSON.parse`, in a quarter of its time.
 * One compiled expression checks a whole frame and finds the three values in it.
 *
 * @returns how many characters they take
 */
export function takeUsualDeltas(text: string, onEvent: (event: ContentBlockDeltaEvent) => void): number {
  let at = 0
  while (at < text.length) {
    // Set each time, as the expression is shared with whatever `onEvent` does.
    usualFrame.lastIndex = at
    const match = usualFrame.exec(text)
    const event = match && toEvent(match)
    if (!event) break
    at += match[0].length
    onEvent(event)
  }
  return at
}

function toEvent([, index, thinking, input, json]: string[]): ContentBlockDeltaEvent | undefined {
  let value = json!
  if (value.includes('\\')) {
    try {
      value = JSON.parse(`"${json}"`)
    } catch {
      return undefined
    }
  }
  // Written out, as a computed key costs more than all the rest.
  const delta: ContentBlockDelta = input
    ? { type: 'input_json_delta', partial_json: value }
    : thinking
      ? { type: 'thinking_delta', thinking: value }
      : { type: 'text_delta', text: value }
  return { type: 'content_block_delta', index: +index!, delta }
}
