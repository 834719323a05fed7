import { createClient } from '@enjamb/core'
import { nodeFetch } from '@enjamb/core/node'
import { streamMessage } from '@enjamb/stream'

/**
 * The contenders in turns, in one process: `node --expose-gc --import tsx client.ts <port> <streams> <deltas> <rounds>`.
 * Prints the CPU that each took in each round, in microseconds, and how many bytes or characters it saw.
 */
const [port, streams, deltas, rounds] = process.argv.slice(2).map(Number)
const baseURL = `http://127.0.0.1:${port}`
const headers = { 'x-deltas': String(deltas) }
const params = { model: 'm-1', max_tokens: 10, messages: [{ role: 'user' as const, content: 'x' }] }
const clients = {
  '': createClient({ apiKey: 'key', baseURL, headers }),
  ' by nodeFetch': createClient({ apiKey: 'key', baseURL, headers, fetch: nodeFetch() }),
}

const contenders: Record<string, () => Promise<number>> = {
  async fetch() {
    const response = await fetch(`${baseURL}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(params) })
    const reader = response.body!.getReader()
    let bytes = 0
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length
    return bytes
  },
}
for (const [by, client] of Object.entries(clients)) {
  contenders[`final${by}`] = async () => {
    const { content } = await streamMessage(client, params).final()
    return (content[0] as { text: string }).text.length
  }
  contenders[`text${by}`] = async () => {
    let length = 0
    for await (const text of streamMessage(client, params).text()) length += text.length
    return length
  }
  contenders[`events${by}`] = async () => {
    let length = 0
    for await (const event of streamMessage(client, params)) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') length += event.delta.text.length
    }
    return length
  }
}

const us: Record<string, number[]> = {}
const seen: Record<string, number> = {}
// The first rounds are for the compiler.
for (let round = -2; round < rounds!; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    globalThis.gc?.()
    const before = process.cpuUsage()
    const lengths = await Promise.all(Array.from({ length: streams! }, run))
    const { user, system } = process.cpuUsage(before)
    seen[name] = lengths.reduce((sum, length) => sum + length, 0)
    us[name] ??= []
    if (round >= 0) us[name].push(user + system)
  }
}
console.log(JSON.stringify({ us, seen }))
process.exit()
