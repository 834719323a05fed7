import Anthropic from '@anthropic-ai/sdk'
import { createClient, createMessage } from '@enjamb/core'

const params = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Name three rivers, and the seas that they run into.' }],
}
const answer = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: params.model,
  content: [
    { type: 'text', text: 'The Rhine runs into the North Sea, the Rhône and the Nile into the Mediterranean.' },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 19, output_tokens: 24 },
})
const headers = { 'content-type': 'application/json', 'request-id': 'req_1' }
const fetch = async () => new Response(answer, { headers })
const client = createClient({ apiKey: 'none', fetch })
const official = new Anthropic({ apiKey: 'none', fetch })

/** One answered call each, on a fetch that answers from memory; the first does what no client can do without. */
export const callers = {
  '`fetch`, `JSON.parse`': async () =>
    JSON.parse(await (await fetch(...([JSON.stringify(params)] as unknown as []))).text()),
  '`createMessage`': () => createMessage(client, params),
  '`@anthropic-ai/sdk` `messages.create`': () => official.messages.create(params),
}

export type Caller = keyof typeof callers
