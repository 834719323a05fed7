import { expect, it } from 'vitest'
import { withRegion } from './with-region.ts'

const start = `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":1,"inference_geo":"not_available"}}}\n\n`
const marked = `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":1,"inference_geo":"vertex-us"}}}\n\n`
const behind = `event: content_block_delta\ndata: {"delta":{"text":"naïve 🎈 \\"message_start\\""}}\n\n`

/** A body of such pieces, marked and read to its end. */
async function mark(...pieces: (string | Uint8Array)[]): Promise<string> {
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      controller.close()
    },
  })
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream', 'content-length': '1' } })
  const answer = await withRegion(response, 'vertex-us')
  expect(answer.headers.get('content-length')).toBeNull()
  return answer.text()
}

it('the start of a message is marked, cut anywhere, and all behind it stays as it is', async () => {
  const bytes = new TextEncoder().encode(`: hello\n\n${start}${behind}`)
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await mark(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(`: hello\n\n${marked}${behind}`)
  }
  expect(await mark(...[...bytes].map((byte) => Uint8Array.of(byte)))).toBe(`: hello\n\n${marked}${behind}`)
})

it.each([
  ['without a start', [behind]],
  ['that ends within its start', [start.slice(0, -20)]],
  ['whose start is too long', [`: ${'x'.repeat(2 ** 20)}`, start]],
  ['that is empty', []],
])('a stream %s passes as it is', async (_, pieces) => {
  expect(await mark(...pieces)).toBe(pieces.join(''))
})

it('a body that is given up gives up the one it is made of', async () => {
  let reason: unknown
  const body = new ReadableStream({
    cancel(why) {
      reason = why
    },
  })
  const answer = await withRegion(new Response(body, { headers: { 'content-type': 'text/event-stream' } }), 'vertex-us')
  await answer.body!.cancel('enough')
  expect(reason).toBe('enough')
})
