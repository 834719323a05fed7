import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'

/** The most that is done in one turn of the event loop, however much there is. */
const linesATurn = 256

interface LineEvents {
  /** Longer lines end the reading. Default no limit. */
  maxBytes?: number
  onLine(line: string): void
  onTooLong(): void
}

export interface LineReader {
  /** Resolves when the stream has ended and all of its lines have been given. */
  readonly finished: Promise<void>
  /** Nothing that comes from now on is given. */
  stop(): void
}

/** Gives the lines of a stream, some in each turn of the event loop, so that one that floods does not hold up all else. */
export function readLines(
  stream: Readable,
  { maxBytes = Number.POSITIVE_INFINITY, ...events }: LineEvents,
): LineReader {
  let waiting: Buffer[] = []
  /** The pieces of a line whose end has not come: joined once, or long lines would cost their square. */
  let line: Buffer[] = []
  let bytes = 0
  let isScheduled = false
  let isStopped = false
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })

  const take = (chunk: Buffer): void => {
    const end = chunk.indexOf(10)
    line.push(end < 0 ? chunk : chunk.subarray(0, end))
    bytes += line.at(-1)!.length
    if (bytes > maxBytes) {
      stop()
      events.onTooLong()
      return
    }
    if (end < 0) return
    if (end + 1 < chunk.length) waiting.unshift(chunk.subarray(end + 1))
    const text = Buffer.concat(line).toString('utf8').replace(/\r$/, '')
    line = []
    bytes = 0
    events.onLine(text)
  }

  const work = () => {
    isScheduled = false
    for (let lines = 0; lines < linesATurn && waiting.length; lines++) take(waiting.shift()!)
    if (waiting.length) return schedule()
    stream.resume()
    if (stream.closed || stream.readableEnded) finish()
  }
  const schedule = () => {
    if (!isScheduled) setImmediate(work)
    isScheduled = true
  }
  const stop = () => {
    isStopped = true
    waiting = []
    line = []
  }

  stream.on('data', (chunk: Buffer) => {
    if (isStopped) return
    waiting.push(chunk)
    stream.pause()
    schedule()
  })
  stream.once('end', schedule)
  stream.once('close', schedule)
  return { finished, stop }
}
