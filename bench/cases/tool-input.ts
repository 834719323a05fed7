import { deepStrictEqual } from 'node:assert'
import Anthropic from '@anthropic-ai/sdk'
import { createPartialJSON } from '@enjamb/stream'
import { type Goal, mediansBySize, type Report, type Row } from '../report.ts'
import { answer, bodyOf } from '../streams.ts'

const kB = 1024
const deltaLength = 24

const inputs = {
  'one long string (a file that is written)': (size: number) => {
    const line = '  const total = items.reduce((sum, { price }) => sum + price, 0) // "net", in cents\n'
    const input = { path: 'src/total.ts', content: '' }
    input.content = line.repeat(Math.ceil(size / (JSON.stringify(line).length - 2)))
    return JSON.stringify(input)
  },
  'many small values (a table)': (size: number) => {
    const row = (id: number) => ({ id, name: `row ${id}`, x: id / 7, tags: ['a', 'b'], done: id % 2 === 0, note: null })
    const length = JSON.stringify(row(10_000)).length + 1
    return JSON.stringify({ rows: Array.from({ length: Math.ceil(size / length) }, (_, id) => row(id)) })
  },
}

function cut(text: string): string[] {
  const deltas: string[] = []
  for (let at = 0; at < text.length; at += deltaLength) deltas.push(text.slice(at, at + deltaLength))
  return deltas
}

function readLive(deltas: string[]): { value: unknown; reads: number } {
  const json = createPartialJSON()
  let reads = 0
  for (const delta of deltas) {
    json.push(delta)
    if (json.value !== undefined) reads++
  }
  return { value: json.value, reads }
}

/** The official client on a mocked fetch, from bytes to message; with a listener it shows the input at every delta. */
async function readOfficially(deltas: string[], listen: boolean): Promise<{ value: unknown; reads: number }> {
  const client = new Anthropic({
    apiKey: 'none',
    fetch: async () => new Response(eventStream(deltas), { headers: { 'content-type': 'text/event-stream' } }),
  })
  const stream = client.messages.stream({
    model: 'claude-haiku-4-5',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'Go' }],
  })
  let reads = 0
  if (listen) {
    stream.on('inputJson', (_, snapshot) => {
      if (snapshot !== undefined) reads++
    })
  }
  const [block] = (await stream.finalMessage()).content
  return { value: block?.type === 'tool_use' ? block.input : undefined, reads }
}

function eventStream(deltas: string[]): ReadableStream<Uint8Array> {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Write', input: {} }
  const events = deltas.map((partial_json) => ({ type: 'input_json_delta', partial_json }))
  const encoder = new TextEncoder()
  // A frame a chunk, as a socket gives them.
  const frames = answer(call, events, 'tool_use').split(/(?<=\n\n)/)
  return bodyOf(frames.map((frame) => encoder.encode(frame)))
}

/** Live tool input: the JSON of a call arrives in deltas of 24 characters, and its value so far is read after each. */
export default async function run(): Promise<Report> {
  const rows: Row[] = []
  const goals: Goal[] = []
  for (const [name, create] of Object.entries(inputs)) {
    const sizes = [512, 1024, 2048, 4096]
    const deltasOf = new Map<number, string[]>()
    for (const size of sizes) {
      const text = create(size * kB)
      const deltas = cut(text)
      deepStrictEqual(readLive(deltas), { value: JSON.parse(text), reads: deltas.length })
      deltasOf.set(size, deltas)
    }
    const ms = await mediansBySize(sizes, 16_384, (size) => readLive(deltasOf.get(size)!))
    for (const size of sizes) {
      const half = ms[size / 2]
      rows.push({
        name: `\`createPartialJSON\`, ${size} kB, ${name}`,
        value: ms[size]!,
        unit: 'ms',
        ours: true,
        ...(half ? { ratio: ms[size]! / half } : {}),
      })
    }
    goals.push({ what: `twice the size, ${name}`, atMost: 2.3, measured: ms[4096]! / ms[2048]! })
  }
  const [name, create] = Object.entries(inputs)[0]!
  const deltas = cut(create(512 * kB))
  const start = performance.now()
  const { value } = await readOfficially(deltas, true)
  const official = performance.now() - start
  deepStrictEqual(value, readLive(deltas).value)
  const ours = rows[0]!.value
  rows.push({
    name: `\`@anthropic-ai/sdk\` with an \`inputJson\` listener, 512 kB, ${name}`,
    value: official,
    unit: 'ms',
    ratio: official / ours,
  })
  goals.push({ what: 'ours against the official client, 512 kB', atMost: 1 / 1000, measured: ours / official })
  return {
    title: 'Tool input, read live',
    method:
      'JSON in deltas of 24 characters, the value read after each. Medians of 9 rounds in turns, in each of which a size is read as often as makes 16 MB, and one run of the official client, whose cost is quadratic. A ratio is to half the size, and for the official client to ours.',
    rows,
    goals,
  }
}
