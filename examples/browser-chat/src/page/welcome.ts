import { button, element } from './parts/element.ts'

const suggestions = [
  'What is an enjambment? Show me one.',
  'When can Lisbon and Tokyo talk today? Save a note of it.',
  'Write a debounce function in TypeScript.',
  'Show me what an error looks like.',
]

/** An empty page, and something to begin with. */
export function welcome(send: (text: string) => void): HTMLElement {
  const items = suggestions.map((text) =>
    element(
      'li',
      {},
      button(text, 'suggestion', () => send(text)),
    ),
  )
  return element(
    'section',
    { className: 'welcome' },
    element('h2', {}, 'Where shall we begin?'),
    element('ul', {}, ...items),
  )
}
