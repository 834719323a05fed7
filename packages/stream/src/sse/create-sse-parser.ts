import { StreamParseError } from '@enjamb/core'
import { decoder } from './decoder.ts'

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
   * The largest frame, in bytes of its lines without their ends, comments included; the parser's buffer never grows
   * beyond it. Default 64 MiB.
   */
  maxFrameBytes?: number | undefined
}

/** Takes bytes, and calls back with what they hold. */
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

const empty = /* @__PURE__ */ new Uint8Array()

/**
 * Parses a `text/event-stream` from its bytes, at linear cost however they are cut.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 * @example
 * const parser = createSSEParser({ onFrame: ({ event, data }) => console.log(event, new TextDecoder().decode(data)) })
 * for await (const chunk of response.body) parser.push(chunk)
 * parser.end()
 */
export function createSSEParser({ onFrame, maxFrameBytes = 2 ** 26 }: SSEParserOptions): SSEParser {
  // What must outlive its chunk: the data of a frame under way, and behind it a line that the chunk's end cut.
  let room: Uint8Array = empty
  let used = 0
  let cutLine = -1
  let data: Uint8Array | undefined
  let event = ''
  let id = ''
  let retry: number | undefined
  let frameBytes = 0
  let first = true
  let afterCR = false
  // While a chunk is being pushed, and for ever when that fails.
  let closed = false

  function checkSize(bytes: number): void {
    if (bytes > maxFrameBytes) throw new StreamParseError(`A frame is over ${maxFrameBytes} bytes.`)
  }

  function append(bytes: ArrayLike<number>): void {
    const at = used
    used += bytes.length
    parser.copiedBytes += bytes.length
    checkSize(used)
    if (used > room.length) {
      // Doubling keeps the copies linear: growth copies no more bytes in all than have arrived.
      parser.copiedBytes += at
      const larger = new Uint8Array(Math.min(used * 2, maxFrameBytes))
      larger.set(room)
      room = larger
    }
    room.set(bytes, at)
  }

  /** Leaves in `room` the data so far, and nothing behind it. */
  function keepData(): void {
    used = 0
    if (data?.buffer === room.buffer) used = data.byteOffset + data.length
    else if (data) {
      append(data)
      data = room.subarray(0, used)
    }
  }

  function takeLine(line: Uint8Array): void {
    frameBytes += line.length
    checkSize(frameBytes)
    if (first && startsWith(line, '\xef\xbb\xbf')) line = line.subarray(3)
    first = false
    if (!line.length) {
      const frame = data && { event: event || 'message', data, id, retry }
      event = ''
      data = undefined
      frameBytes = 0
      // A new buffer for each frame that needs one: a huge one is not kept, and a small one costs next to nothing.
      room = empty
      if (frame) onFrame(frame)
    } else if (startsWith(line, 'data') && (line[4] ?? 58) === 58) {
      // Without a value this is beyond the end, which makes an empty view.
      line = line.subarray(line[5] === 32 ? 6 : 5)
      if (data) {
        keepData()
        append([10])
        append(line)
        data = room.subarray(data.byteOffset, used)
      } else data = line
    } else {
      const [, name, value] = /([^:]*):? ?(.*)/s.exec(decoder.decode(line)) as unknown as [string, string, string]
      if (name === 'event') event = value
      if (name === 'id' && !value.includes('\0')) id = value
      if (name === 'retry' && /^\d+$/.test(value)) retry = +value
    }
  }

  // Fields, as an object with a getter of its own is a dictionary: slow, and six times as large.
  const parser = {
    copiedBytes: 0,
    push(chunk: Uint8Array) {
      if (closed) throw new StreamParseError('Parser closed.')
      closed = true
      let start = 0
      let lf = -1
      let cr = -1
      for (;;) {
        // Native searches, each going on from its last find: a chunk without CR is searched for one only once.
        // Where there is none, -1 becomes a number larger than any.
        if (lf < start) lf = chunk.indexOf(10, start) >>> 0
        if (cr < start) cr = chunk.indexOf(13, start) >>> 0
        const end = Math.min(lf, cr)
        let line = chunk.subarray(start, end)
        if (end >= chunk.length && cutLine < 0) {
          keepData()
          if (line.length) cutLine = used
        }
        if (cutLine >= 0) {
          append(line)
          line = room.subarray(cutLine, used)
        }
        if (end >= chunk.length) break
        cutLine = -1
        // The LF of a CRLF, which a chunk's end may have cut, ends no line of its own.
        if (end === cr || line.length || !afterCR) takeLine(line)
        afterCR = end === cr
        start = end + 1
      }
      closed = false
    },
    end() {
      closed = true
    },
  }
  return parser
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  let at = text.length
  while (at--) if (bytes[at] !== text.charCodeAt(at)) return false
  return true
}
