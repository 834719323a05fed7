import { element } from '../parts/element.ts'

/** What the model thinks before it answers: folded, so that it is there for who wants it. */
export interface Thoughts {
  readonly node: HTMLElement
  readonly text: string
  append(piece: string): void
  end(): void
}

export function createThoughts(): Thoughts {
  const title = element('summary', { className: 'at-work' }, 'Thinking')
  const body = element('p')
  const node = element('details', { className: 'thoughts' }, title, body)
  return {
    node,
    get text() {
      return body.textContent
    },
    append: (piece) => body.append(piece),
    end() {
      title.textContent = 'Thoughts'
      title.className = ''
    },
  }
}
