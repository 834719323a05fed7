import type { StreamEvent } from '@enjamb/core'
import type { TextEvent, ThinkingEvent, ToolInputEvent } from '../agent-event.ts'

/** Makes pieces, as they are shown, of one reply after the other while it is written. */
export function toPieces(): (event: StreamEvent) => TextEvent | ThinkingEvent | ToolInputEvent | undefined {
  let call: { index: number; id: string; name: string } | undefined
  return (event) => {
    if (event.type === 'content_block_start') {
      const { index, content_block: block } = event
      call = block.type === 'tool_use' ? { index, id: block.id, name: block.name } : undefined
      return call && { type: 'tool_input', id: call.id, name: call.name, json: '' }
    }
    if (event.type !== 'content_block_delta') return undefined
    const { delta } = event
    if (delta.type === 'text_delta') return { type: 'text', text: delta.text }
    if (delta.type === 'thinking_delta') return { type: 'thinking', text: delta.thinking }
    if (delta.type !== 'input_json_delta' || !delta.partial_json || call?.index !== event.index) return undefined
    return { type: 'tool_input', id: call.id, name: call.name, json: delta.partial_json }
  }
}
