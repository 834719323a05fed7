import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createClient } from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'

const page = readFileSync(new URL('page.html', import.meta.url))

/** The app under test: a page, and a server that holds the key and streams Claude's answers to it. */
export async function startApp(options: { apiKey: string; baseURL: string }) {
  const client = createClient(options)
  const server = createServer((request, response) => {
    if (request.method === 'POST') void chat(request, response)
    else response.setHeader('content-type', 'text/html').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  async function chat(request: IncomingMessage, response: ServerResponse) {
    const stream = streamMessage(client, {
      model: 'claude-haiku-5-5',
      max_tokens: 1000,
      messages: [{ role: 'user', content: await text(request) }],
    })
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    try {
      for await (const piece of stream.text()) response.write(piece)
      response.end()
    } catch {
      response.destroy()
    }
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
