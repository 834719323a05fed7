import { redact } from '@enjamb/core'
import { cutText } from './cut-text.ts'
import { visibleText } from './visible-text.ts'

/** A text that may be shown, and how much of it is not. */
export interface CleanText {
  text: string
  /** Characters of the original that were cut off. */
  rest: number
}

/** As long as any credential: one that begins before the cut is seen whole. */
const margin = 1_000

/** The first `max` characters of a text, without credentials, and with nothing in it that acts on who shows it. */
export function cleanText(text: string, max = Number.POSITIVE_INFINITY): CleanText {
  const start = max === Number.POSITIVE_INFINITY ? text : text.slice(0, 2 * max + margin)
  const clean = visibleText(redact(start))
  const kept = cutText(clean, max)
  // What the escapes have added is nothing of the original.
  return {
    text: kept,
    rest: kept === clean && start.length === text.length ? 0 : Math.max(1, text.length - kept.length),
  }
}
