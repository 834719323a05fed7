import { cleanText } from '../text/clean-text.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as HTML, in which nothing is markup, in elements and in attributes. */
export function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** The beginning of a text on one line, as HTML. */
export function lineHTML(text: string, max = 160): string {
  const start = text
    .slice(0, 4 * max + 200)
    .replace(/\s+/g, ' ')
    .trim()
  const { text: kept, rest } = cleanText(start, max)
  return escapeHTML(kept) + (rest ? '…' : '')
}

/** A long text as HTML: its beginning and its end, at most `max` characters, and how much of it is not shown. */
export function longHTML(text: string, max: number): string {
  const { text: whole, rest } = cleanText(text, max)
  if (!rest) return escapeHTML(whole)
  const tail = Math.floor(max / 4)
  const { text: head } = cleanText(text, max - tail)
  // Before the end, as much as a credential may be long: one that the cut goes through is seen whole.
  const end = cleanText(text.slice(-2 * tail - 1_000)).text.slice(-tail)
  const left = (text.length - max).toLocaleString('en')
  return `${escapeHTML(head)}<em class="cut">… ${left} more characters stand in the journal …</em>${escapeHTML(end)}`
}
