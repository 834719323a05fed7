import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { frames } from './frames.ts'

/**
 * A streaming API in a process of its own, so that its work is not counted as the client's.
 * It sends a text of as many deltas as the header `x-deltas` says, each in a write of its own; without it, a start and
 * then nothing.
 */
const server = createServer(async (request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.socket?.setNoDelay(true)
  const { before, delta, after } = frames
  response.write(before)
  const count = Number(request.headers['x-deltas'])
  if (!count) return
  for (let n = 0; n < count && !response.destroyed; n++) {
    response.write(delta)
    // A turn of the loop between two events, as a model leaves: the kernel then sends each by itself.
    await sleep(1)
  }
  response.end(after)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
