/**
 * Live tool input: the JSON of a tool call arrives in deltas of 24 characters, and its value so far is read after each.
 * Run with `npx tsx bench/partial-json.ts`. Only the ratios mean something on another machine.
 */
import { deepStrictEqual } from 'node:assert'
import Anthropic from '@anthropic-ai/sdk'
import { createPartialJSON } from '@enjamb/stream'

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
  const usage = { input_tokens: 1, output_tokens: 1 }
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  const events = [
    { type: 'message_start', message },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'Write', input: {} },
    },
    ...deltas.map((partial_json) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]
  const encoder = new TextEncoder()
  const frames = events
    .map((event) => encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
    .values()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = frames.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

async function time<T>(run: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now()
  const result = await run()
  return { ms: performance.now() - start, result }
}

/** The middle of some runs: the fastest ones of a short text are those that met no garbage collection, which longer ones cannot. */
async function median(run: () => unknown, times = 15): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await run()
    all.push(performance.now() - start)
  }
  return all.sort((a, b) => a - b)[times >> 1]!
}

console.log(`Node ${process.version}; deltas of ${deltaLength} characters, value read after each\n`)

for (const [name, create] of Object.entries(inputs)) {
  console.log(name)
  const warmUp = cut(create(256 * kB))
  for (let i = 0; i < 5; i++) readLive(warmUp)
  let before: number | undefined
  for (const size of [256, 512, 1024, 2048, 4096]) {
    const text = create(size * kB)
    const deltas = cut(text)
    deepStrictEqual(readLive(deltas), { value: JSON.parse(text), reads: deltas.length })
    const ms = await median(() => readLive(deltas))
    const ratio = before === undefined ? '' : `  ×${(ms / before).toFixed(2)} for twice the size`
    console.log(`  ${String(size).padStart(5)} kB ${ms.toFixed(2).padStart(9)} ms${ratio}`)
    before = ms
  }
}

console.log('\nAgainst the official client (messages.stream() with an inputJson listener, one run each)')
// Many small values take the official client minutes at 512 kB, so there the size stops short and the rest is extrapolated.
const officialSizes = {
  'one long string (a file that is written)': [32, 128, 512],
  'many small values (a table)': [32, 64],
}
for (const [name, create] of Object.entries(inputs)) {
  console.log(name)
  let official = { size: 0, ms: 0 }
  for (const size of officialSizes[name as keyof typeof officialSizes]) {
    const text = create(size * kB)
    const deltas = cut(text)
    const value = JSON.parse(text)
    const live = await median(() => readLive(deltas))
    const listening = await time(() => readOfficially(deltas, true))
    const silent = await time(() => readOfficially(deltas, false))
    deepStrictEqual(listening.result, { value, reads: deltas.length })
    deepStrictEqual(silent.result.value, value)
    official = { size, ms: listening.ms - silent.ms }
    console.log(
      `  ${String(size).padStart(5)} kB  createPartialJSON ${live.toFixed(2)} ms; official client ${listening.ms.toFixed(0)} ms: ` +
        `×${(listening.ms / live).toFixed(0)}; without its ${silent.ms.toFixed(0)} ms for a stream nobody listens to: ×${(official.ms / live).toFixed(0)}`,
    )
  }
  if (official.size < 512) {
    const live = await median(() => readLive(cut(create(512 * kB))))
    const ms = official.ms * (512 / official.size) ** 2
    console.log(
      `    512 kB  createPartialJSON ${live.toFixed(2)} ms; official client about ${(ms / 1000).toFixed(0)} s, EXTRAPOLATED ` +
        `from ${official.size} kB as a quadratic cost: ×${(ms / live).toFixed(0)}`,
    )
  }
}
