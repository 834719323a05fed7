import { Lexer, type Token, type TokensList } from 'marked'
import { copyButton } from '../parts/copy-button.ts'
import { element } from '../parts/element.ts'
import { toElements } from './safe-html.ts'

/** Markdown that is still being written. */
export interface Markdown {
  readonly node: HTMLElement
  readonly text: string
  /** As it is read out. */
  readonly spoken: string
  /** Takes the next piece; it is shown with the next frame. */
  append(piece: string): void
  /** Shows all that has come. */
  flush(): void
}

/**
 * Shows Markdown while it arrives. Only the last block is made anew with each piece: those before it are whole, so their elements
 * stay what they are, with what a reader has selected or opened in them, and a long answer costs no more for each word than a
 * short one.
 */
export function createMarkdown(onShow: () => void = () => {}): Markdown {
  const node = element('div', { className: 'prose' })
  /** Of links, `[name]: address`: they hold for the blocks that come after them. */
  const links: TokensList['links'] = Object.create(null)
  let text = ''
  let open = ''
  let last: ChildNode[] = []
  let frame = 0

  function render(): void {
    cancelAnimationFrame(frame)
    frame = 0
    const tokens = lex(open)
    for (const old of last) old.remove()
    // A block is whole when another one has begun.
    const lastBlock = tokens.findLastIndex(({ type }) => type !== 'space')
    for (const token of tokens.slice(0, Math.max(lastBlock, 0))) {
      node.append(...toNodes(token))
      if (token.type === 'def') links[token.tag] ??= { href: token.href, title: token.title }
      open = open.slice(token.raw.length)
    }
    last = tokens.slice(Math.max(lastBlock, 0)).flatMap(toNodes)
    node.append(...last)
    onShow()
  }

  function lex(source: string): Token[] {
    const lexer = new Lexer()
    Object.assign(lexer.tokens.links, links)
    return lexer.lex(source)
  }

  function toNodes(token: Token): ChildNode[] {
    if (token.type === 'space' || token.type === 'def') return []
    const elements = toElements(Object.assign([token], { links }))
    for (const pre of elements.querySelectorAll('pre')) pre.replaceWith(toCodeBlock(pre))
    for (const table of elements.querySelectorAll('table')) table.replaceWith(toTable(table))
    return [...elements.childNodes]
  }

  return {
    node,
    get text() {
      return text
    },
    get spoken() {
      return [...node.children].map((block) => (block.matches('.code') ? '(code)' : block.textContent)).join('\n')
    },
    append(piece) {
      text += piece
      open += piece.replaceAll('\r\n', '\n')
      frame ||= requestAnimationFrame(render)
    },
    flush() {
      if (frame) render()
    },
  }
}

function toCodeBlock(pre: HTMLPreElement): HTMLElement {
  const language = pre.dataset.language || 'text'
  const code = element('pre', { tabIndex: 0 }, ...pre.childNodes)
  code.setAttribute('aria-label', `Code, ${language}`)
  code.setAttribute('role', 'group')
  const head = element(
    'figcaption',
    {},
    element('span', {}, language),
    copyButton(() => code.textContent ?? ''),
  )
  return element('figure', { className: 'code' }, head, code)
}

/** A wide table is scrolled by itself, with the keyboard, too. */
function toTable(table: HTMLTableElement): HTMLElement {
  const frame = element('div', { className: 'table', tabIndex: 0 }, table.cloneNode(true))
  frame.setAttribute('role', 'group')
  frame.setAttribute('aria-label', 'Table')
  return frame
}
