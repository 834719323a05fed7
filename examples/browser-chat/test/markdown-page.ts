import { createMarkdown } from '../src/page/markdown/create-markdown.ts'

/** Shows a text in pieces, each with a frame of its own, and gives what stands there at the end. */
export function showInPieces(pieces: string[]): string {
  const markdown = createMarkdown()
  for (const piece of pieces) {
    markdown.append(piece)
    markdown.flush()
  }
  return markdown.node.innerHTML
}

/** Shows a text letter by letter, and counts for each block how many elements it had on the way to its end. */
export function countElements(text: string): number[] {
  const markdown = createMarkdown()
  const made = new Map<number, Set<Element>>()
  for (const letter of text) {
    markdown.append(letter)
    markdown.flush()
    for (const [index, block] of [...markdown.node.children].entries()) {
      made.set(index, (made.get(index) ?? new Set()).add(block))
    }
  }
  return [...made.values()].map(({ size }) => size)
}

/** What of a hostile text could do something, at any moment of its coming. */
export async function findHarm(text: string): Promise<string[]> {
  const markdown = createMarkdown()
  document.body.append(markdown.node)
  const harm = new Set<string>()
  for (const letter of text) {
    markdown.append(letter)
    markdown.flush()
    for (const element of markdown.node.querySelectorAll('*')) {
      const name = element.localName
      if (/^(script|style|iframe|object|embed|form|img|svg|math|link|meta|video|audio|base)$/.test(name)) harm.add(name)
      for (const { name, value } of element.attributes) {
        if (/^on|^style$|^src|^srcset$|^id$|^name$|^formaction$/.test(name)) harm.add(`${name}=${value}`)
        if (name === 'href' && !/^(https?:\/\/|mailto:)/.test(value)) harm.add(`href=${value}`)
      }
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  if ('harmed' in window) harm.add('a script ran')
  return [...harm]
}
