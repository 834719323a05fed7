const encoder = new TextEncoder()
const usage = { input_tokens: 10, output_tokens: 1 }
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage,
}

/** A frame as the API writes it, padding included. */
function frame(event: Record<string, unknown>, padding = ''): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event).slice(0, -1)}${padding}}\n\n`
}

/** The frames of an answer with one block, from its deltas. */
export function answer(contentBlock: object, deltas: object[], stopReason = 'end_turn'): string {
  return [
    frame({ type: 'message_start', message }),
    frame({ type: 'content_block_start', index: 0, content_block: contentBlock }),
    ...deltas.map((delta, n) => frame({ type: 'content_block_delta', index: 0, delta }, ' '.repeat(n % 13))),
    frame({ type: 'content_block_stop', index: 0 }),
    frame({
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 9 },
    }),
    frame({ type: 'message_stop' }),
  ].join('')
}

/** A streamed text of words, punctuation, quotes and line breaks, in deltas of a few characters. */
export function textStream(
  count: number,
  chunkBytes: number,
): { pieces: string[]; text: string; bytes: Uint8Array; chunks: Uint8Array[] } {
  const words = [
    ' the',
    ' answer',
    ' runs',
    ' on',
    ',',
    ' and',
    ' on',
    ' –',
    ' "so"',
    '\n\n',
    ' it',
    ' seems',
    '.',
    ' naïve',
    ' stream',
  ]
  const pieces = Array.from({ length: count }, (_, n) => words[(n * 7) % words.length]!)
  const bytes = encoder.encode(
    answer(
      { type: 'text', text: '' },
      pieces.map((text) => ({ type: 'text_delta', text })),
    ),
  )
  return { pieces, text: pieces.join(''), bytes, chunks: cut(bytes, chunkBytes) }
}

/** The same pieces as a stream of Chat Completions. */
export function chatChunks(pieces: string[], chunkBytes: number): Uint8Array[] {
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_750_000_000, model: 'm' }
  const data = (choice: object) => `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, ...choice }] })}\n\n`
  const deltas = pieces.map((content) => data({ delta: { content }, finish_reason: null }))
  const end = `${data({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`
  return cut(encoder.encode(deltas.join('') + end), chunkBytes)
}

function cut(bytes: Uint8Array, chunkBytes: number): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.slice(at, at + chunkBytes))
  return chunks
}

export function bodyOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[next++]
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
