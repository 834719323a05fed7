import { deepStrictEqual } from 'node:assert'
import { parseNDJSON } from '@enjamb/stream'
import { type Goal, medians, mediansBySize, type Report, type Row } from '../report.ts'

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

const encoder = new TextEncoder()
const line = (length: number) => `${JSON.stringify({ custom_id: 'one', text: 'x'.repeat(length) })}\n`
const bodies = {
  'one line': (size: number) => line(size - 32),
  'lines of 400 bytes': (size: number) => line(400).repeat(size / 400),
}

/** One line as long as a batch result can be, in chunks as a socket gives them, and many short ones. */
export default async function run(): Promise<Report> {
  const rows: Row[] = []
  const goals: Goal[] = []
  for (const [name, create] of Object.entries(bodies)) {
    const sizes = [16, 32, 64]
    const input = new Map<number, Uint8Array>()
    for (const size of sizes) {
      const text = create(size * MB)
      const bytes = encoder.encode(text)
      const lines = text.split('\n').slice(0, -1)
      deepStrictEqual(
        await read(bytes),
        lines.map((each) => JSON.parse(each)),
      )
      input.set(size, bytes)
    }
    const ms = await mediansBySize(sizes, 64, (size) => read(input.get(size)!))
    const { drained } = await medians({ drained: () => drain(input.get(64)!) })
    for (const size of sizes) {
      const half = ms[size / 2]
      rows.push({
        name: `\`parseNDJSON\`, ${size} MB, ${name}`,
        value: ms[size]!,
        unit: 'ms',
        ours: true,
        ...(half ? { ratio: ms[size]! / half } : {}),
      })
    }
    rows.push({ name: `reading the body and dropping it, 64 MB, ${name}`, value: drained, unit: 'ms' })
    goals.push({ what: `twice the size, ${name}`, atMost: 2.3, measured: ms[64]! / ms[32]! })
  }
  return {
    title: 'JSON lines',
    method:
      'A body in chunks of 16 kB. Medians of 9 rounds in turns, each of 64 MB in all, so that each size gets its share of collecting garbage. A ratio is to half the size.',
    rows,
    goals,
  }
}
