import type { ContentBlockDeltaEvent, StreamEvent } from '@enjamb/core'
import { pieceOf } from './event-run.ts'
import { parseFrame } from './parse-frame.ts'

/** How a server writes the deltas of one block, learned from one of them. */
export interface DeltaForm {
  /** Matches a whole frame of that form, at its `lastIndex`. */
  readonly expression: RegExp
  /** Where in the frame the piece begins. */
  readonly start: number
  /** The event that such a frame holds, but for its piece. */
  readonly event: ContentBlockDeltaEvent
}

// What may follow from where a string begins that is the last of two objects: all that JSON allows. Bounded, as an engine
// keeps a way back for each character; a longer piece gains nothing anyhow.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const rest = /(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){0,9999}"[ \t]*\}[ \t]*\}[ \t]*\r?\n\r?\n/

// Shared, as to compile an expression costs as much as to parse some dozens of deltas, and many streams are that short.
const forms = /* @__PURE__ */ new Map<string, DeltaForm | undefined>()
const maxForms = 100
const maxStart = 500

/**
 * The form of a frame that holds a delta, once it was met before: a server that writes no two alike is to cost no
 * expressions. Where any other string of JSON in place of the piece would make the same event with that piece, frames
 * need not be parsed to know what they hold.
 */
export function formOf(frame: string, event: StreamEvent): DeltaForm | undefined {
  const piece = pieceOf(event)
  if (piece === undefined) return undefined
  // Its place is known where it is the last string, and written as `JSON.stringify` would: if not this one, the next is.
  const end = frame.lastIndexOf('"')
  const start = end - JSON.stringify(piece).length + 2
  const head = frame.slice(0, start)
  if (start > maxStart || head + JSON.stringify(piece).slice(1) !== frame.slice(0, end + 1)) return undefined
  const form = forms.get(head)
  if (form || !forms.has(head)) {
    if (forms.size >= maxForms) forms.clear()
    forms.set(head, form)
    return form
  }
  // Two objects and no array: with nothing inside that the events would share, and nothing behind but their ends.
  const other = head.split(/[[{]/).length === 3 && parseFrame(`${head}?${frame.slice(end)}`)
  if (!other || pieceOf(other) !== '?') return undefined
  const expression = new RegExp(head.replace(/[^\w\s]/g, '\\$&') + rest.source, 'y')
  const learned = { expression, start, event: other as ContentBlockDeltaEvent }
  forms.set(head, learned)
  return learned
}
