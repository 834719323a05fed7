/**
 * One line of JSON as long as a batch result can be, in chunks of 16 kB as a socket gives them, and many short ones.
 * Run with `npx tsx bench/ndjson.ts`. Only the ratios mean something on another machine.
 */
import { deepStrictEqual } from 'node:assert'
import { parseNDJSON } from '@enjamb/stream'

const MB = 1024 * 1024
const chunkBytes = 16 * 1024

function bodyOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let from = 0
  return new ReadableStream({
    pull(controller) {
      if (from >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(from, from + chunkBytes))
      from += chunkBytes
    },
  })
}

async function read(bytes: Uint8Array): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const value of parseNDJSON(bodyOf(bytes))) values.push(value)
  return values
}

/** The least that any reader has to do: take every chunk, and nothing with it. */
async function drain(bytes: Uint8Array): Promise<number> {
  let length = 0
  for await (const chunk of bodyOf(bytes)) length += chunk.length
  return length
}

/** The middle of some runs: the fastest ones of a short text are those that met no garbage collection, which longer ones cannot. */
async function median(run: () => Promise<unknown>, times = 7): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await run()
    all.push(performance.now() - start)
  }
  return all.sort((a, b) => a - b)[times >> 1]!
}

const encoder = new TextEncoder()
const line = (length: number) => `${JSON.stringify({ custom_id: 'one', text: 'x'.repeat(length) })}\n`
const bodies = {
  'one line': (size: number) => line(size - 32),
  'lines of 400 bytes': (size: number) => line(400).repeat(size / 400),
}

console.log(`Node ${process.version}; chunks of ${chunkBytes / 1024} kB\n`)
for (const [name, create] of Object.entries(bodies)) {
  console.log(name)
  let before: number | undefined
  for (const size of [8, 16, 32, 64]) {
    const text = create(size * MB)
    const bytes = encoder.encode(text)
    const expected = text.split('\n').slice(0, -1)
    deepStrictEqual(
      await read(bytes),
      expected.map((each) => JSON.parse(each)),
    )
    const ms = await median(() => read(bytes))
    const floor = await median(() => drain(bytes))
    const ratio = before === undefined ? '' : `  ×${(ms / before).toFixed(2)} for twice the size`
    console.log(
      `  ${String(size).padStart(3)} MB ${ms.toFixed(0).padStart(6)} ms (only draining the body: ${floor.toFixed(0)} ms)${ratio}`,
    )
    before = ms
  }
}
