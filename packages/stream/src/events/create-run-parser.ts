import { StreamParseError } from '@enjamb/core'
import { decoder } from '../sse/decoder.ts'
import { type DeltaForm, formOf, rest } from './delta-form.ts'
import { type EventRun, withPiece } from './event-run.ts'
import { parseFrame } from './parse-frame.ts'

/**
 * Parses a streamed answer from its bytes, and gives deltas in runs: what `createSSEParser` with `decodeEvent` would
 * give, and for deltas, which are nearly all of a stream, in a fraction of the time. What they throw comes out of the
 * function that takes the chunks, as does what `onRun` throws; after that it is not to be called again.
 */
export function createRunParser(onRun: (run: EventRun) => void, maxFrameBytes = 2 ** 26): (chunk: Uint8Array) => void {
  let own: TextDecoder | undefined
  /** The last chunk may have ended inside a character. */
  let cut = false
  let first = true
  /** The beginning of a frame whose end has not come: a rope, which nobody looks into before. */
  let held = ''
  let lastHeld = ''
  /** At least the bytes of what is held. */
  let size = 0
  let form: DeltaForm | undefined

  function decode(chunk: Uint8Array): string {
    // A decoder that is not streaming keeps nothing between calls, so one for all will do, and takes half the time.
    const before = cut
    cut = chunk[chunk.length - 1]! > 127
    if (!before && !cut) return decoder.decode(chunk)
    own ??= new TextDecoder('utf-8', { ignoreBOM: true })
    return own.decode(chunk, { stream: true })
  }

  /** Its bytes without the ends of its lines, where there may be too many. */
  function measure(frame: string): number {
    if (size <= maxFrameBytes) return size
    const bytes = new TextEncoder().encode(frame.replace(/[\r\n]+/g, '')).length
    if (bytes > maxFrameBytes) throw new StreamParseError(`A frame is over ${maxFrameBytes} bytes.`)
    return bytes
  }

  /** Takes the frames at `at` that have the form of the last delta, and gives where they end. */
  function takeRun(text: string, at: number): number {
    const pieces: string[] = []
    while (form?.event && text.slice(at, at + form.head.length) === form.head) {
      const start = at + form.head.length
      // Set each time, as streams share it.
      rest.lastIndex = start
      if (!rest.test(text)) break
      at = rest.lastIndex
      const piece = text.slice(start, text.lastIndexOf('"', at))
      pieces.push(piece.includes('\\') ? JSON.parse(`"${piece}"`) : piece)
    }
    if (pieces[0] !== undefined) {
      onRun({ event: withPiece(form!.event!, pieces.join('')), pieces: pieces[1] === undefined ? undefined : pieces })
    }
    return at
  }

  return (chunk) => {
    if (!chunk.length) return
    let text = decode(chunk)
    if (first && text) {
      first = false
      if (text[0] === '\ufeff') text = text.slice(1)
    }
    size += chunk.length
    const last = text[text.length - 1] ?? lastHeld
    let at = 0
    // What is held has no blank line, but its last character may be the first of one.
    const ends = held.length < 512 || frameEnd(lastHeld + text, 0)
    text = held + text
    while (ends) {
      if (size <= maxFrameBytes) at = takeRun(text, at)
      const end = frameEnd(text, at)
      if (!end) break
      const frame = text.slice(at, end)
      measure(frame)
      at = end
      const event = parseFrame(frame)
      if (event) {
        onRun({ event, pieces: undefined })
        form = formOf(frame, event, form)
      }
    }
    held = at ? text.slice(at) : text
    lastHeld = held && last
    // No character has more bytes.
    if (at) size = held.length * 3
    size = measure(held)
  }
}

const blankLine = /\n\r?\n|\n\r|\r\r\n?/g

/** Where the frame ends that is there from `from` on; 0 where its end is not there. */
function frameEnd(text: string, from: number): number {
  blankLine.lastIndex = from
  return blankLine.test(text) ? blankLine.lastIndex : 0
}
