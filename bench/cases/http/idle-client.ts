import { createClient } from '@enjamb/core'
import { nodeFetch } from '@enjamb/core/node'
import { streamMessage } from '@enjamb/stream'

/**
 * Opens streams that say nothing after their start, and prints the memory that each takes, in bytes:
 * `node --expose-gc idle-client.ts <port> <contender> <streams>`.
 */
const [port, contender, streams] = process.argv.slice(2)
const baseURL = `http://127.0.0.1:${port}`
const params = { model: 'm-1', max_tokens: 10, messages: [{ role: 'user' as const, content: 'x' }] }
const clients = {
  stream: createClient({ apiKey: 'key', baseURL }),
  streamByNodeFetch: createClient({ apiKey: 'key', baseURL, fetch: nodeFetch() }),
}
const open: unknown[] = []

const contenders: Record<string, () => Promise<unknown>> = {
  async fetch() {
    const response = await fetch(`${baseURL}/v1/messages`, { method: 'POST', body: JSON.stringify(params) })
    const reader = response.body!.getReader()
    await reader.read()
    return [response, reader, reader.read()]
  },
  /** What any client has to send, and can be aborted: what of our memory is the platform's. */
  async sameRequest() {
    const response = await fetch(`${baseURL}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(params),
      headers: {
        'anthropic-version': '2026-10-21',
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        'user-agent': 'bench',
        'x-api-key': 'key',
      },
      signal: new AbortController().signal,
    })
    const reader = response.body!.getReader()
    await reader.read()
    return [response, reader, reader.read()]
  },
}
for (const [name, client] of Object.entries(clients)) {
  contenders[name] = async () => {
    const batches = streamMessage(client, params).batches()
    await batches.next()
    return [batches, batches.next()]
  }
}

async function memory(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const run = contenders[contender!]!
open.push(await run())
const before = await memory()
for (let n = 0; n < Number(streams); n += 100) open.push(await Promise.all(Array.from({ length: 100 }, run)))
const bytes = (await memory()) - before
console.log(JSON.stringify({ bytes: Math.round(bytes / Number(streams)), open: open.length }))
process.exit()
