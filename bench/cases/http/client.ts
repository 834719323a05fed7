import { createClient } from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'

/**
 * One contender in a process of its own: `tsx client.ts <port> <contender> <streams> <deltas>`.
 * Prints the CPU it took, in microseconds, and how many bytes or characters it saw.
 */
const [port, contender, streams, deltas] = process.argv.slice(2)
const baseURL = `http://127.0.0.1:${port}`
const headers = { 'x-deltas': String(deltas) }
const params = { model: 'm-1', max_tokens: 10, messages: [{ role: 'user' as const, content: 'x' }] }
const client = createClient({ apiKey: 'key', baseURL, headers })

const contenders: Record<string, () => Promise<number>> = {
  async fetch() {
    const response = await fetch(`${baseURL}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(params) })
    const reader = response.body!.getReader()
    let bytes = 0
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length
    return bytes
  },
  async final() {
    const { content } = await streamMessage(client, params).final()
    return (content[0] as { text: string }).text.length
  },
  async text() {
    let length = 0
    for await (const text of streamMessage(client, params).text()) length += text.length
    return length
  },
  async events() {
    let length = 0
    for await (const event of streamMessage(client, params)) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') length += event.delta.text.length
    }
    return length
  },
}

const run = contenders[contender!]!
const all = (count: number) => Promise.all(Array.from({ length: count }, run))
await all(Number(streams))
const before = process.cpuUsage()
const seen = await all(Number(streams))
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ us: user + system, seen: seen.reduce((sum, length) => sum + length, 0) }))
process.exit()
