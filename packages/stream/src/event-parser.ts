import { type StreamEvent, StreamParseError } from '@enjamb/core'
import { decodeEvent } from './decode-event.ts'
import { createSSEParser, type SSEParser } from './sse-parser.ts'
import { takeUsualDeltas } from './usual-deltas.ts'

/** Options of {@link createEventParser}. */
export interface EventParserOptions {
  /** Called for each event, during `push`. What it throws comes out of `push` and ends the parser. */
  onEvent(event: StreamEvent): void
  /** The largest frame, in bytes. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

// To decode many frames at once costs little more than one; but what is not used of it is decoded again.
const windowBytes = 4096

/**
 * Parses the bytes of a streamed answer into its events, at once: what {@link createSSEParser} with {@link decodeEvent}
 * would give, and what they throw comes out of `push`.
 */
export function createEventParser({ onEvent, maxFrameBytes = 2 ** 26 }: EventParserOptions): SSEParser {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const frames = createSSEParser({
    maxFrameBytes,
    onFrame(frame) {
      const event = decodeEvent(frame)
      if (event) onEvent(event)
    },
  })
  /** Has `frames` been given whole frames only? Not at first, when a byte order mark may come. */
  let between = false
  /** While a chunk is being pushed, and for ever when that fails. */
  let closed = false

  /** Takes the frames that can be taken without `frames`, and gives the bytes they have. */
  function takeWindow(bytes: Uint8Array): number {
    const text = decoder.decode(bytes)
    const taken = takeUsualDeltas(text, onEvent)
    if (!taken || text.length === bytes.length) return taken
    // Characters and bytes differ, but every line feed is one of each.
    let end = bytes.lastIndexOf(10)
    for (let at = text.lastIndexOf('\n'); at >= taken; at = text.lastIndexOf('\n', at - 1)) {
      end = bytes.lastIndexOf(10, end - 1)
    }
    return end + 1
  }

  return {
    get copiedBytes() {
      return frames.copiedBytes
    },
    push(chunk) {
      if (closed) throw new StreamParseError('This parser is busy, or has ended.')
      closed = true
      let start = 0
      do {
        if (between && maxFrameBytes >= windowBytes) start += takeWindow(chunk.subarray(start, start + windowBytes))
        const end = endOfFrame(chunk, start)
        frames.push(chunk.subarray(start, end))
        between = end < Infinity || (between && start === chunk.length)
        start = end
      } while (start < chunk.length)
      closed = false
    },
    end() {
      closed = true
      frames.end()
    },
  }
}

/** Where the first blank line ends; `Infinity` where there is none. */
function endOfFrame(chunk: Uint8Array, start: number): number {
  let at = start
  do at = chunk.indexOf(10, at) + 1
  while (at && chunk[at] !== 10)
  return at ? at + 1 : Infinity
}
