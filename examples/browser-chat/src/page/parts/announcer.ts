import { find } from './element.ts'

const longest = 600

/** Says something to those who listen to the page, once: a screen reader that is told each piece of an answer stops being of use. */
export function announce(text: string): void {
  find('announcer').textContent = text.length > longest ? `${text.slice(0, longest)} …` : text
}
