import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { createMockServer, script } from '../../packages/testing/src/index.ts'

export interface MockAPI {
  url: string
  /** How many of its answers have neither ended nor been given up. */
  open(): number
  close(): Promise<void>
}

// The same as there, in more than one piece.
const text = 'Grüße von überall: aus Browsern, Workern und Servern, 🙂!'

// Without its end. A connection that breaks would take along what the other side has not read yet, or not.
const events = [
  {
    type: 'message_start',
    message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } },
]
const cutOff = {
  raw: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  headers: { 'content-type': 'text/event-stream' },
}

/** The API as `programs/smoke.mjs` expects it. */
export async function startMockAPI(): Promise<MockAPI> {
  const server = await createMockServer({
    seed: 7,
    script: script([
      { when: { text: /^Be overloaded once/ }, reply: { error: { type: 'overloaded_error', afterEvents: 1 } } },
      { when: { text: /^(Be overloaded once|Greet)/ }, times: Infinity, reply: { text, chunkBytes: 7 } },
      { when: { text: /^Be overloaded/ }, times: Infinity, reply: { error: 529 } },
      { when: { text: /^Begin/ }, times: Infinity, reply: { text, stallAfterEvents: -4 } },
      { when: { text: /^Break off/ }, times: Infinity, reply: cutOff },
    ]),
  })
  const { port } = new URL(server.url)
  const answers = new Set<ServerResponse>()
  const follow = (message: unknown) => {
    const { request, response } = message as { request: { socket: { localPort: number } }; response: ServerResponse }
    if (String(request.socket.localPort) !== port) return
    answers.add(response)
    response.once('close', () => answers.delete(response))
  }
  subscribe('http.server.request.start', follow)
  return {
    url: server.url,
    open: () => answers.size,
    async close() {
      unsubscribe('http.server.request.start', follow)
      await server.close()
    },
  }
}
