/** The text of a stream's frames, as the API writes them. */
export function frames(...events: object[]): string {
  return events
    .map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')
}

export const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-5-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  },
}
export const ping = { type: 'ping' }
export const blockStart = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
export const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
export const blockStop = { type: 'content_block_stop', index: 0 }
export const messageDelta = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }
export const stop = { type: 'message_stop' }
export const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

/** A whole answer of these pieces of text. */
export function answer(...texts: string[]): string {
  return frames(start, blockStart, ...texts.map(delta), blockStop, messageDelta, stop)
}
