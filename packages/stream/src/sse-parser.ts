import { StreamParseError } from '@enjamb/core'
import { createByteBuffer } from './byte-buffer.ts'

/** One event of an event stream. */
export interface SSEFrame {
  /** The `event:` field; empty where the frame has none, which the standard reads as `message`. */
  readonly event: string
  /**
   * The `data:` lines joined by line feeds, undecoded. A view, on the caller's chunk where it lies in one piece there:
   * it is valid during the callback only.
   */
  readonly data: Uint8Array
  /** The last `id:` of the stream so far. */
  readonly id: string
  /** The last `retry:` of this frame, in milliseconds. */
  readonly retry: number | undefined
}

export interface SSEParserOptions {
  /** Called for each complete frame, during `push`. If it throws, `push` does, and the parser is dead. */
  onFrame: (frame: SSEFrame) => void
  /** The largest frame, counted over the bytes of its lines; a larger one ends the parsing. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

export interface SSEParser {
  /** @throws {StreamParseError} a frame is too large; from then on every call throws it again */
  push(chunk: Uint8Array): void
  /** The stream has ended. An unfinished frame is dropped, as the standard says. */
  end(): void
  /** How many bytes had to be copied, because their line or frame straddles chunks. */
  readonly copiedBytes: number
}

const LF = 10
const CR = 13
const COLON = 58
const SPACE = 32

/**
 * Parses an event stream from bytes, without copying or decoding what lies in one chunk.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSSEParser({ onFrame, maxFrameBytes = 64 * 1024 * 1024 }: SSEParserOptions): SSEParser {
  const decoder = new TextDecoder()
  // The line that the last chunk cut, and the data of the frame under way where it could not stay a view.
  let line = createByteBuffer()
  let kept = createByteBuffer()
  let keptFrom = 0
  let view: Uint8Array | undefined
  let hasData = false
  let event = ''
  let id = ''
  let retry: number | undefined
  let frameBytes = 0
  let copiedBytes = 0
  let first = true
  let afterCR = false
  let failure: { error: unknown } | undefined

  function copy(to: typeof line, bytes: Uint8Array): void {
    copiedBytes += bytes.length
    to.append(bytes)
  }

  function checkSize(more: number): void {
    if (frameBytes + more > maxFrameBytes) throw new StreamParseError(`An event is larger than ${maxFrameBytes} bytes.`)
  }

  function keep(): void {
    if (!view) return
    kept.clear()
    keptFrom = 0
    copy(kept, view)
    view = undefined
  }

  function addData(bytes: Uint8Array, start: number, end: number, cut: boolean): void {
    if (hasData) {
      keep()
      copy(kept, newline)
      copy(kept, bytes.subarray(start, end))
    } else if (cut) {
      // The line is in our own memory already: it becomes the data, and the other buffer takes the next cut line.
      ;[line, kept] = [kept, line]
      keptFrom = start
    } else {
      view = bytes.subarray(start, end)
    }
    hasData = true
  }

  function takeLine(bytes: Uint8Array, from: number, end: number, cut: boolean): void {
    let start = from
    if (first) {
      first = false
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
    }
    if (start >= end) return dispatch()
    if (bytes[start] === COLON) return
    checkSize(end - start)
    frameBytes += end - start
    // By far the most frequent field, so it is told by its bytes alone.
    if (bytes[start] === 100 && bytes[start + 1] === 97 && bytes[start + 2] === 116 && bytes[start + 3] === 97) {
      if (start + 4 === end) return addData(bytes, end, end, cut)
      if (bytes[start + 4] === COLON) {
        return addData(bytes, bytes[start + 5] === SPACE && start + 5 < end ? start + 6 : start + 5, end, cut)
      }
    }
    takeField(decoder.decode(bytes.subarray(start, end)))
  }

  function takeField(text: string): void {
    const [, name, value = ''] = /^([^:]*)(?::[ ]?([^]*))?$/.exec(text)!
    if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
    else if (name === 'retry' && /^\d+$/.test(value)) retry = Number(value)
  }

  function dispatch(): void {
    const data = view ?? kept.view().subarray(keptFrom)
    const frame = hasData ? { event, data, id, retry } : undefined
    event = ''
    retry = undefined
    view = undefined
    frameBytes = 0
    if (!frame) return
    hasData = false
    onFrame(frame)
    kept.clear()
  }

  function parse(chunk: Uint8Array): void {
    let from = afterCR && chunk[0] === LF ? 1 : 0
    if (chunk.length) afterCR = false
    let lf = -1
    let cr = -1
    for (;;) {
      // Each kind of line end is looked for once from where it was last seen, so the scan stays linear.
      if (lf < from) lf = find(chunk, LF, from)
      if (cr < from) cr = find(chunk, CR, from)
      const end = Math.min(lf, cr)
      if (end >= chunk.length) break
      if (line.length) {
        copy(line, chunk.subarray(from, end))
        takeLine(line.view(), 0, line.length, true)
        line.clear()
      } else {
        takeLine(chunk, from, end, false)
      }
      from = end + 1
      if (end === cr) {
        if (from === chunk.length) afterCR = true
        else if (chunk[from] === LF) from++
      }
    }
    if (from < chunk.length) {
      checkSize(line.length + chunk.length - from)
      copy(line, chunk.subarray(from))
    }
    keep()
  }

  return {
    push(chunk) {
      if (failure) throw failure.error
      try {
        parse(chunk)
      } catch (error) {
        failure = { error }
        throw error
      }
    },
    end() {
      if (failure) throw failure.error
      line.clear()
      kept.clear()
    },
    get copiedBytes() {
      return copiedBytes
    },
  }
}

const newline = new Uint8Array([LF])

function find(chunk: Uint8Array, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from)
  return at < 0 ? chunk.length : at
}
