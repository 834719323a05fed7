import { strictEqual } from 'node:assert'
import { createSSEParser } from '@enjamb/stream'
import { median, type Report } from '../report.ts'

const MB = 1024 * 1024
const chunkBytes = 16 * 1024

function chunksOf(megabytes: number): Uint8Array[] {
  const bytes = new TextEncoder().encode(`data: ${'x'.repeat(megabytes * MB - 8)}\n\n`)
  return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, n) =>
    bytes.slice(n * chunkBytes, (n + 1) * chunkBytes),
  )
}

function parse(chunks: Uint8Array[]): number {
  let length = 0
  const parser = createSSEParser({ onFrame: ({ data }) => (length = data.length), maxFrameBytes: 2 ** 30 })
  for (const chunk of chunks) parser.push(chunk)
  return length
}

/** The most that the parser keeps, what could be collected not counted. */
async function peakBytes(chunks: Uint8Array[]): Promise<number> {
  const kept = () => {
    globalThis.gc?.()
    return process.memoryUsage().arrayBuffers
  }
  // What the runs before have left is freed by a thread of its own.
  await new Promise((resolve) => setTimeout(resolve, 200))
  const before = kept()
  let most = 0
  const parser = createSSEParser({ onFrame: () => {}, maxFrameBytes: 2 ** 30 })
  for (const [n, chunk] of chunks.entries()) {
    parser.push(chunk)
    if (n % 64 === 0) most = Math.max(most, kept() - before)
  }
  return most
}

/** One event that straddles thousands of chunks. */
export default async function run(): Promise<Report> {
  const sizes = [16, 32, 64]
  const ms: Record<number, number> = {}
  let peak = 0
  for (const size of sizes) {
    const chunks = chunksOf(size)
    strictEqual(parse(chunks), size * MB - 8)
    ms[size] = await median(() => parse(chunks), 5)
    peak = (await peakBytes(chunks)) / (size * MB)
  }
  return {
    title: 'One event of 64 MB',
    method:
      'An event in chunks of 16 kB. Medians of 5 runs; a ratio is to half the size. Memory is what the parser holds at most, the chunks not counted.',
    rows: [
      ...sizes.map((size) => ({
        name: `\`createSSEParser\`, ${size} MB`,
        value: ms[size]!,
        unit: 'ms' as const,
        ours: true,
        ...(ms[size / 2] ? { ratio: ms[size]! / ms[size / 2]! } : {}),
      })),
      { name: 'peak memory of the parser, in sizes of the event', value: peak, unit: '×', ours: true },
    ],
    goals: [
      { what: 'twice the size', atMost: 2.3, measured: ms[64]! / ms[32]! },
      { what: 'peak memory, in events', atMost: 3, measured: peak },
    ],
  }
}
