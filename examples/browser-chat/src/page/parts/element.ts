type Child = Node | string | undefined

/** Makes an element: `element('p', { className: 'note' }, 'Saved.')`. What looks like HTML in a string stays text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** A button that does something. */
export function button(label: string, className: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', className }, label)
  made.addEventListener('click', onClick)
  return made
}

/** An element of the page that is there. */
export function find<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind
}
