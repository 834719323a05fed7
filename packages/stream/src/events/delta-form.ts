import type { ContentBlockDeltaEvent, StreamEvent } from '@enjamb/core'
import { pieceOf } from './event-run.ts'
import { parseFrame } from './parse-frame.ts'

/** How a server writes the deltas of one block, learned from two of them. */
export interface DeltaForm {
  /** How a frame of that form begins, up to where its piece does. */
  readonly head: string
  /** The event that such a frame holds, but for its piece; `undefined` while one alone has come. */
  readonly event: ContentBlockDeltaEvent | undefined
}

/**
 * What may follow a head: all that JSON allows where a string begins that is the last of two objects. Bounded, as an
 * engine keeps a way back for each character; a longer piece gains nothing anyhow.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
export const rest = /(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){0,9999}"[ \t]*\}[ \t]*\}[ \t]*\r?\n\r?\n/y

/**
 * The form of a frame that holds a delta, known once two begin alike: a server that writes no two alike is to cost no
 * second look. Where any other string of JSON in place of the piece would make the same event with that piece, frames
 * need not be parsed to know what they hold.
 *
 * @param last the form of the delta before
 */
export function formOf(frame: string, event: StreamEvent, last: DeltaForm | undefined): DeltaForm | undefined {
  const piece = pieceOf(event)
  if (piece === undefined) return last
  // Its place is known where it is the last string, and written as `JSON.stringify` would: if not this one, the next is.
  const end = frame.lastIndexOf('"')
  const json = JSON.stringify(piece).slice(1)
  const head = frame.slice(0, end - json.length + 1)
  if (head + json !== frame.slice(0, end + 1)) return last
  if (head !== last?.head) return { head, event: undefined }
  if (last.event) return last
  // Two objects and no array: with nothing inside that the events would share, and nothing behind but their ends.
  const other = head.split(/[[{]/).length === 3 && parseFrame(`${head}?${frame.slice(end)}`)
  return { head, event: other && pieceOf(other) === '?' ? (other as ContentBlockDeltaEvent) : undefined }
}
