/** An API in this process that has one call made in each turn, and then answers. */
export function createFetchAPI(): typeof fetch {
  let requests = 0
  return (async () => {
    const n = requests++
    const calls = n % 2 === 0
    const usage = { input_tokens: 100, output_tokens: 1 }
    const rest = { model: 'claude-haiku-4-5', content: [], stop_reason: null, stop_sequence: null, usage }
    const call = { type: 'tool_use', id: `toolu_${n}`, name: 'look', input: {}, caller: { type: 'direct' } }
    const pieces = calls ? ['{"n":', ...` ${n}}`.padStart(20)] : Array.from({ length: 200 }, (_, at) => `word ${at} `)
    const delta = (piece: string) =>
      calls ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece }
    const events = [
      { type: 'message_start', message: { id: `msg_${n}`, type: 'message', role: 'assistant', ...rest } },
      {
        type: 'content_block_start',
        index: 0,
        content_block: calls ? call : { type: 'text', text: '', citations: null },
      },
      ...pieces.map((piece) => ({ type: 'content_block_delta', index: 0, delta: delta(piece) })),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null },
        usage: { output_tokens: 50 },
      },
      { type: 'message_stop' },
    ]
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }) as typeof fetch
}
