/** The first characters of a text, as many as a person would count: never half of a pair. The same text where it has no more. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  // Whoever counts in pairs needs at most twice as many halves.
  const characters = Array.from(text.slice(0, 2 * max))
  return characters.length <= max && text.length <= 2 * max ? text : characters.slice(0, max).join('')
}
