import { strictEqual } from 'node:assert'
import { createAccumulator } from '@enjamb/stream'
import { mediansBySize, type Report } from '../report.ts'

/** The message so far, looked at after every delta. */
function readAlong(deltas: number): number {
  const accumulator = createAccumulator()
  const usage = { input_tokens: 1, output_tokens: 1 }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage }
  accumulator.push({ type: 'message_start', message } as never)
  accumulator.push({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'text', text: '', citations: null },
  })
  let length = 0
  for (let n = 0; n < deltas; n++) {
    accumulator.push({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' word' } })
    length = (accumulator.message.content[0] as { text: string }).text.length
  }
  return length
}

export default async function run(): Promise<Report> {
  const sizes = [50_000, 100_000, 200_000]
  for (const size of sizes) strictEqual(readAlong(size), size * 5)
  const ms = await mediansBySize(sizes, 800_000, readAlong)
  return {
    title: 'A snapshot after every delta',
    method:
      'The text so far read after each delta. Medians of 9 rounds in turns, in each of which a size is read as often as makes 800,000 deltas; a ratio is to half the size.',
    rows: sizes.map((size) => ({
      name: `${size / 1000},000 deltas`,
      value: ms[size]!,
      unit: 'ms',
      ours: true,
      ...(ms[size / 2] ? { ratio: ms[size]! / ms[size / 2]! } : {}),
    })),
    goals: [{ what: 'twice the size', atMost: 2.3, measured: ms[200_000]! / ms[100_000]! }],
  }
}
