import { strictEqual } from 'node:assert'
import { createSSEParser } from '@enjamb/stream'
import { medians, type Report } from '../report.ts'

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

/** The least that any parser has to do that gives an event in one piece. */
function copy(chunks: Uint8Array[]): number {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return at
}

/** The most that the parser keeps, what could be collected not counted. */
async function peakBytes(chunks: Uint8Array[]): Promise<number> {
  const kept = () => {
    globalThis.gc?.()
    return process.memoryUsage().arrayBuffers
  }
  // What the runs before have left is freed by a thread of its own, some time after it was collected.
  let before = Number.POSITIVE_INFINITY
  for (let now = kept(); now < before; now = kept()) {
    before = now
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
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
  const sizes = [32, 64, 128]
  const contenders: Record<string, () => unknown> = {}
  let peak = 0
  for (const size of sizes) {
    const chunks = chunksOf(size)
    strictEqual(parse(chunks), size * MB - 8)
    contenders[size] = () => parse(chunks)
    contenders[`copy ${size}`] = () => copy(chunks)
    if (size === 64) peak = (await peakBytes(chunks)) / (size * MB)
  }
  const ms = await medians(contenders, 7)
  const row = (name: string, size: number, prefix = '') => {
    const half = ms[`${prefix}${size / 2}`]
    const value = ms[`${prefix}${size}`]!
    return { name: `${name}, ${size} MB`, value, unit: 'ms' as const, ...(half ? { ratio: value / half } : {}) }
  }
  return {
    title: 'One event of 64 MB',
    method:
      'An event in chunks of 16 kB. Medians of 7 rounds in turns; a ratio is to half the size. The allocator keeps buffers of up to 32 MB for the next of their kind and takes larger ones from the kernel, page by page, so that doubling across that line costs more, even where bytes are copied and nothing else; hence linearity is shown from 64 MB on. Memory is what the parser holds at most of an event of 64 MB, the chunks not counted.',
    rows: [
      ...sizes.map((size) => ({ ...row('`createSSEParser`', size), ours: true })),
      ...sizes.map((size) => row('its bytes copied into one new buffer, and nothing else', size, 'copy ')),
      { name: 'peak memory of the parser, in sizes of the event', value: peak, unit: '×', ours: true },
    ],
    goals: [
      { what: 'twice the size', atMost: 2.3, measured: ms[128]! / ms[64]! },
      { what: 'peak memory, in events', atMost: 3, measured: peak },
    ],
  }
}
