import { StreamParseError } from '@enjamb/core'

/** One server-sent event, as the blank line that ends it finds it. */
export interface SSEFrame {
  /** The `event` field; `message` where there is none, as the standard says. */
  event: string
  /**
   * The `data` lines joined by LF, undecoded: a view on the pushed chunk or on the parser's own buffer, valid until
   * `onFrame` returns.
   */
  data: Uint8Array
  /** The last `id` the stream has sent, in this frame or before; empty where there was none. */
  id: string
  /** The last `retry` the stream has sent, in milliseconds. */
  retry: number | undefined
}

/** Options of {@link createSSEParser}. */
export interface SSEParserOptions {
  /** Called for each frame, during `push`. What it throws comes out of `push` and ends the parser. */
  onFrame(frame: SSEFrame): void
  /**
   * The largest frame, in bytes of its lines without their ends; of comments and unknown fields, only the line under
   * way counts. The parser's buffer never grows beyond it. Default 64 MiB.
   */
  maxFrameBytes?: number | undefined
}

export interface SSEParser {
  /**
   * Takes the next bytes, cut anywhere, and calls `onFrame` for each frame they complete.
   *
   * @throws {StreamParseError} a frame is larger than `maxFrameBytes`; or the parser failed or ended before, or is
   * called from within `onFrame`
   */
  push(chunk: Uint8Array): void
  /** The stream has ended. A frame that no blank line has ended is dropped, as the standard says. */
  end(): void
  /** How many bytes had to be copied so far: those of frames that a chunk's end cuts, or with several `data` lines. */
  readonly copiedBytes: number
}

const newline = Uint8Array.of(10)
// A buffer that one huge frame needed is not kept for the small ones that follow.
const largestKept = 1024 * 1024

/**
 * Parses a `text/event-stream` from its bytes, at linear cost however they are cut.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSSEParser({ onFrame, maxFrameBytes = 64 * 1024 * 1024 }: SSEParserOptions): SSEParser {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let room: Uint8Array = new Uint8Array()
  let used = 0
  let copiedBytes = 0
  /** Where in `room` the line begins that the last chunk cut; -1 where it cut none. */
  let cutLine = -1
  let event = ''
  let id = ''
  let retry: number | undefined
  let dataLines = 0
  /** What holds the data so far, and where in it. */
  let source = room
  let from = 0
  let to = 0
  let frameBytes = 0
  let first = true
  let afterCR = false
  /** While a chunk is being pushed, and for ever when that fails. */
  let closed = false

  function append(bytes: Uint8Array): void {
    const needed = used + bytes.length
    if (needed > room.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(room.length * 2, maxFrameBytes)))
      larger.set(room.subarray(0, used))
      copiedBytes += used
      if (source === room) source = larger
      room = larger
    }
    room.set(bytes, used)
    copiedBytes += bytes.length
    used = needed
  }

  /** Makes `room` hold the data so far, and nothing behind it. */
  function keepData(): void {
    if (source === room) {
      used = to
      return
    }
    used = 0
    append(source.subarray(from, to))
    source = room
    from = 0
    to = used
  }

  function checkSize(bytes: number): void {
    if (frameBytes + bytes > maxFrameBytes) {
      throw new StreamParseError(`A frame is larger than ${maxFrameBytes} bytes (maxFrameBytes).`)
    }
  }

  function addData(bytes: Uint8Array, start: number, end: number): void {
    if (dataLines++) {
      keepData()
      append(newline)
      append(bytes.subarray(start, end))
      to = used
    } else {
      source = bytes
      from = start
      to = end
    }
  }

  function dispatch(): void {
    const frame = dataLines ? { event: event || 'message', data: source.subarray(from, to), id, retry } : undefined
    event = ''
    dataLines = frameBytes = from = to = 0
    if (room.length > largestKept) room = new Uint8Array()
    source = room
    if (frame) onFrame(frame)
  }

  function takeLine(bytes: Uint8Array, start: number, end: number): void {
    checkSize(end - start)
    if (first && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
    first = false
    if (start === end) return dispatch()
    let colon = start
    while (colon < end && bytes[colon] !== 58) colon++
    let value = Math.min(colon + 1, end)
    if (value < end && bytes[value] === 32) value++
    const name = decoder.decode(bytes.subarray(start, colon))
    if (name === 'data') addData(bytes, value, end)
    else {
      const text = decoder.decode(bytes.subarray(value, end))
      if (name === 'event') event = text
      else if (name === 'id') id = text.includes('\0') ? id : text
      else if (name === 'retry') retry = /^\d+$/.test(text) ? +text : retry
      else return
    }
    frameBytes += end - start
  }

  return {
    get copiedBytes() {
      return copiedBytes
    },
    push(chunk) {
      if (closed) throw new StreamParseError('The parser is busy, has failed, or has ended.')
      closed = true
      let start = afterCR && chunk[0] === 10 ? 1 : 0
      if (chunk.length) afterCR = false
      let lf = chunk.indexOf(10, start)
      let cr = chunk.indexOf(13, start)
      while (lf >= 0 || cr >= 0) {
        const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr
        if (cutLine < 0) takeLine(chunk, start, end)
        else {
          checkSize(used - cutLine + end - start)
          append(chunk.subarray(start, end))
          const line = cutLine
          cutLine = -1
          takeLine(room, line, used)
        }
        start = end + 1
        if (end === cr) {
          if (lf === start) start++
          else afterCR = start === chunk.length
          cr = chunk.indexOf(13, start)
        }
        if (lf >= 0 && lf < start) lf = chunk.indexOf(10, start)
      }
      if (cutLine < 0) keepData()
      if (start < chunk.length) {
        if (cutLine < 0) cutLine = used
        checkSize(used - cutLine + chunk.length - start)
        append(chunk.subarray(start))
      }
      closed = false
    },
    end() {
      closed = true
      source = room = new Uint8Array()
    },
  }
}
