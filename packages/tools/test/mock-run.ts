import { type Client, createClient, type MessageParam, type StreamEvent } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { onTestFinished } from 'vitest'
import type { RunParams } from '../src/loop/run-options.ts'

/** The mock server with a script, and a client for it that does not retry; both end with the test. */
export async function mock(...turns: Turn[]): Promise<{ server: MockServer; client: Client }> {
  const server = await createMockServer({ script: script(turns), seed: 1 })
  onTestFinished(() => server.close())
  return { server, client: createClient({ apiKey: 'test', baseURL: server.url, retry: { maxRetries: 0 } }) }
}

export const user = (text: string): MessageParam => ({ role: 'user', content: text })

/** What every run here needs and no test is about. */
export const params = (tools: RunParams['tools'], messages: MessageParam[] = [user('Go.')]): RunParams => ({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages,
  tools,
})

/** The message lists that the server got, in order. */
export function sentMessages(server: MockServer): MessageParam[][] {
  return server.requests.map(({ body }) => (body as { messages: MessageParam[] }).messages)
}

/** The network, playing a stream that the mock server does not make; the same one for every request. */
export function clientOf(...streams: StreamEvent[][]): Client {
  let index = 0
  return createClient({
    apiKey: 'test',
    retry: { maxRetries: 0 },
    fetch: async () => {
      const events = streams[Math.min(index++, streams.length - 1)] ?? []
      const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
  })
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

/** A promise that is settled from outside, to order what happens without waiting for time to pass. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
