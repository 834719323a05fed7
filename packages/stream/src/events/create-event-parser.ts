import { type StreamEvent, StreamParseError } from '@enjamb/core'
import { createSSEParser, type SSEParser } from '../sse/create-sse-parser.ts'
import { decoder } from '../sse/decoder.ts'
import { decodeEvent } from './decode-event.ts'
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
// More than the usual delta has; little enough to keep for each of many streams.
const heldBytes = 512

/**
 * Parses the bytes of a streamed answer into its events, at once: what {@link createSSEParser} with {@link decodeEvent}
 * would give, and what they throw comes out of `push`.
 *
 * @throws {APIError} from `push`: the class of it that an `error` event stands for
 * @throws {StreamParseError} from `push`: what arrived is no event, or larger than `maxFrameBytes`
 */
export function createEventParser({ onEvent, maxFrameBytes = 2 ** 26 }: EventParserOptions): SSEParser {
  const frames = createSSEParser({
    maxFrameBytes,
    onFrame(frame) {
      const event = decodeEvent(frame)
      if (event) onEvent(event)
    },
  })
  /** Has `frames` been given whole frames only? Not at first, when a byte order mark may come. */
  let between = false
  /** What is held back of the frame after them, to be decoded with its rest. */
  let room: Uint8Array | undefined
  let held = 0
  let copiedBytes = 0
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

  function take(bytes: Uint8Array): void {
    let start = 0
    while (start < bytes.length) {
      // The usual chunk is taken as it is: a view costs a tenth of all that is done with a chunk of one event.
      const whole = !start && bytes.length <= windowBytes
      if (between) start += takeWindow(whole ? bytes : bytes.subarray(start, start + windowBytes))
      if (start === bytes.length) return
      const end = endOfFrame(bytes, start)
      const rest = bytes.subarray(start, end)
      // A frame may end without a blank line of line feeds, if there is any CR.
      if (between && end > bytes.length && rest.length < heldBytes && !rest.includes(13)) {
        hold(rest)
        return
      }
      frames.push(rest)
      between = maxFrameBytes >= windowBytes && end <= bytes.length
      start = end
    }
  }

  function hold(bytes: Uint8Array): void {
    room ??= new Uint8Array(heldBytes)
    room.set(bytes, held)
    held += bytes.length
    copiedBytes += bytes.length
  }

  /** Takes the frame that is held, with its rest at the beginning of a chunk, and gives the bytes of that. */
  function takeHeld(chunk: Uint8Array): number {
    const end = endOfFrame(chunk, 0)
    const whole = held + end <= heldBytes
    if (whole) hold(chunk.subarray(0, end))
    const bytes = room!.subarray(0, held)
    held = 0
    if (whole) take(bytes)
    else {
      frames.push(bytes)
      between = false
    }
    return whole ? end : 0
  }

  const parser = {
    copiedBytes: 0,
    push(chunk: Uint8Array) {
      if (closed) throw new StreamParseError('Parser closed.')
      closed = true
      take(held ? chunk.subarray(takeHeld(chunk)) : chunk)
      parser.copiedBytes = frames.copiedBytes + copiedBytes
      closed = false
    },
    end() {
      closed = true
      frames.end()
    },
  }
  return parser
}

/** Where the first blank line ends; `Infinity` where there is none. */
function endOfFrame(chunk: Uint8Array, start: number): number {
  let at = start
  do at = chunk.indexOf(10, at) + 1
  while (at && chunk[at] !== 10)
  return at ? at + 1 : Infinity
}
