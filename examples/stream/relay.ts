import { createClient } from '@enjamb/core'
import { parseEvents, streamMessage, tee, toResponse } from '@enjamb/stream'

const client = createClient()

/** On the server: relays the answer to the page that asks, and keeps its usage. */
async function answer(request: Request): Promise<Response> {
  const params = {
    model: 'claude-haiku-4-5',
    max_tokens: 1024,
    messages: [{ role: 'user' as const, content: await request.text() }],
  }
  const [relayed, read] = tee(streamMessage(client, params, { signal: request.signal }))
  read.final().then(
    ({ usage }) => console.log(usage.output_tokens, 'tokens'),
    (error) => console.log(error.code, error.partial?.usage),
  )
  return toResponse(relayed)
}

// In the page, with `fetch` in place of `answer`:
const response = await answer(new Request('http://localhost/', { method: 'POST', body: 'What is an enjambment?' }))
if (!response.body) throw new Error('There is no body.')
for await (const event of parseEvents(response.body)) {
  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') console.log(event.delta.text)
}
