const frame = (event: { type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const usage = { input_tokens: 10, output_tokens: 1 }
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage }

/** The parts of a streamed text: what comes before its deltas, one delta, and what comes after. */
export const frames = {
  before:
    frame({ type: 'message_start', message } as { type: string }) +
    frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string }),
  delta: frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' some words' } } as {
    type: string
  }),
  after:
    frame({ type: 'content_block_stop', index: 0 } as { type: string }) +
    frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } } as {
      type: string
    }) +
    frame({ type: 'message_stop' }),
}
