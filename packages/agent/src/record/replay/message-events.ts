import type { ContentBlock, Message } from '@enjamb/core'

/** A message as the API streams it: what is written stands in one piece a block. */
export function* messageEvents(message: Message): Generator<{ type: string; [key: string]: unknown }> {
  const { content, stop_reason, stop_sequence, stop_details, container, usage } = message
  yield {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, stop_details: null },
  }
  for (const [index, block] of content.entries()) {
    const [start, ...deltas] = partsOf(block)
    yield { type: 'content_block_start', index, content_block: start }
    for (const delta of deltas) yield { type: 'content_block_delta', index, delta }
    yield { type: 'content_block_stop', index }
  }
  yield { type: 'message_delta', delta: { stop_reason, stop_sequence, stop_details, container }, usage }
}

/** The block as it starts, and what is added to it. */
function partsOf(block: ContentBlock): object[] {
  switch (block.type) {
    case 'text': {
      const citations = block.citations?.map((citation) => ({ type: 'citations_delta', citation })) ?? []
      const start = { ...block, text: '', citations: block.citations && [] }
      return [start, ...citations, { type: 'text_delta', text: block.text }]
    }
    case 'thinking':
      return [
        { ...block, thinking: '', signature: '' },
        { type: 'thinking_delta', thinking: block.thinking },
        { type: 'signature_delta', signature: block.signature },
      ]
    case 'tool_use':
    case 'server_tool_use':
      return [
        { ...block, input: {} },
        { type: 'input_json_delta', partial_json: JSON.stringify(block.input ?? {}) },
      ]
    default:
      return [block]
  }
}
