import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { listen } from './listen.ts'

const options = { port: 0, maxBodyBytes: 1000, gzip: false }
const chunk = new Uint8Array(64 * 1024)
const all = 1000

/** Serves a body of 64 MB, and counts how much of it was asked for. */
async function start(gzip = false) {
  const seen = { chunks: 0, cancelled: false }
  const body = () =>
    new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (seen.chunks++ === all) controller.close()
          else controller.enqueue(crypto.getRandomValues(chunk.slice()))
        },
        cancel() {
          seen.cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
  const server = await listen(async () => ({ status: 200, headers: {}, body: body() }), { ...options, gzip })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${gzip ? 'accept-encoding: gzip\r\n' : ''}\r\n`)
  return { seen, server, socket }
}

it.each([[false], [true]])(
  'asks for no more than a client takes (gzip: %s), and stops when it leaves',
  async (gzip) => {
    const { seen, server, socket } = await start(gzip)
    let before = -1
    while (seen.chunks === 0 || seen.chunks !== before) {
      before = seen.chunks
      await wait(50)
    }
    expect(seen.chunks).toBeLessThan(all / 2)
    socket.destroy()
    await expect.poll(() => seen.cancelled).toBe(true)
    await server.close()
  },
)

it('hands over a whole body to a client that reads', async () => {
  const { seen, server, socket } = await start()
  let bytes = 0
  socket.on('data', (data) => {
    bytes += data.length
  })
  socket.resume()
  await expect.poll(() => seen.chunks, { timeout: 10_000 }).toBe(all + 1)
  await expect.poll(() => bytes).toBeGreaterThan(all * chunk.length)
  socket.destroy()
  await server.close()
}, 15_000)
