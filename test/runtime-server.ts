import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const frame = (event: { type: string; [key: string]: unknown }) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
const usage = { input_tokens: 1, output_tokens: 1 }
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage }
const delta = (text: string) => frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const start =
  frame({ type: 'message_start', message }) +
  frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
  delta('Grüße')
const end =
  delta(', 🙂!') +
  frame({ type: 'content_block_stop', index: 0 }) +
  frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }) +
  frame({ type: 'message_stop' })
const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

/** The stream that the path `whole` gives. */
export const streamText = start + end

/** A server whose paths behave each in one way that a client has to cope with. `open` says how many answers are still under way. */
export async function createRuntimeServer(): Promise<{ url: string; close(): Promise<void> }> {
  let broken = 0
  const open = new Set<ServerResponse>()
  const paths: Record<string, (response: ServerResponse) => unknown> = {
    plain: (response) => response.end(JSON.stringify({ ...message, content: [{ type: 'text', text: 'Grüße' }] })),
    // In pieces of a few bytes, so that characters are cut, too.
    whole(response) {
      const bytes = Buffer.from(streamText)
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7))
      response.end()
    },
    open: (response) => response.end(String(open.size - 1)),
    endless: (response) => response.write(start),
    refused: (response) => response.writeHead(529).end(JSON.stringify(overloaded)),
    'broken-at-first': (response) => response.end(broken++ ? streamText : frame(overloaded)),
    cut: (response) => response.write(start, () => setTimeout(() => response.destroy(), 20)),
  }
  const server = createServer((request, response) => {
    open.add(response)
    response.on('close', () => open.delete(response))
    response.setHeader('request-id', 'req_1')
    request.resume().on('end', () => paths[request.url?.split('/')[1] ?? '']?.(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
