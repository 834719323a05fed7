import { Lexer, type Token, type Tokens } from 'marked'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import { visibleText } from '../../record/text/visible-text.ts'
import type { Paint } from '../screen/paint.ts'

export interface MarkdownLook {
  width: number
  paint: Paint
}

/** The blocks of a text, those that are only space included; together their `raw` is the text. */
export function blocksOf(markdown: string): Token[] {
  return new Lexer({ gfm: true }).blockTokens(markdown, [])
}

/** A text's blocks as lines of a terminal, one empty line between them. Nothing in it can act on the terminal. */
export function renderMarkdown(markdown: string, look: MarkdownLook): string[] {
  return joinBlocks(new Lexer({ gfm: true }).lex(visibleText(markdown)), look)
}

function joinBlocks(tokens: readonly Token[], look: MarkdownLook, gap: readonly string[] = ['']): string[] {
  const blocks = tokens.filter(({ type }) => type !== 'space' && type !== 'def')
  return blocks.flatMap((token, index) => [...(index ? gap : []), ...renderBlock(token as Tokens.Generic, look)])
}

function renderBlock(token: Tokens.Generic, look: MarkdownLook): string[] {
  const { paint, width } = look
  switch (token.type) {
    case 'heading':
      return wrap(paint(token.depth < 3 ? 'heading' : 'strong', inline(token.tokens, look)), width)
    case 'code':
      return (token.text as string).split('\n').map((line) => `  ${paint('code', line)}`)
    case 'blockquote':
      return indent(joinBlocks(token.tokens ?? [], narrower(look, 2)), `${paint('quiet', '│')} `)
    case 'list':
      return renderList(token as Tokens.List, look)
    case 'table':
      return renderTable(token as Tokens.Table, look)
    case 'hr':
      return [paint('quiet', '─'.repeat(Math.min(width, 40)))]
    case 'html':
      return wrap(paint('quiet', token.text.trimEnd()), width)
    default:
      return wrap(token.tokens ? inline(token.tokens, look) : (token.text ?? token.raw), width)
  }
}

function renderList({ items, ordered, start, loose }: Tokens.List, look: MarkdownLook): string[] {
  return items.flatMap((item, index) => {
    const number = ordered ? `${Number(start || 1) + index}.` : '•'
    const mark = `${item.task ? (item.checked ? '☑' : '☐') : number} `
    const space = ' '.repeat(stringWidth(mark))
    const content = item.tokens.filter(({ type }) => type !== 'checkbox')
    const [first = '', ...rest] = joinBlocks(content, narrower(look, mark.length), loose ? [''] : [])
    return [...(loose && index ? [''] : []), mark + first, ...rest.map((line) => (line ? space + line : ''))]
  })
}

function renderTable({ header, rows, align }: Tokens.Table, look: MarkdownLook): string[] {
  const { paint, width } = look
  const text = ({ tokens }: Tokens.TableCell) => inline(tokens, look)
  const heads = header.map((cell) => paint('strong', text(cell)))
  const body = rows.map((row) => row.map(text))
  const widths = heads.map((head, column) => Math.max(...[head, ...body.map((row) => row[column] ?? '')].map(measure)))
  // A table that is too wide for its columns is told row by row.
  if (widths.reduce((sum, each) => sum + each + 2, -2) > width) {
    return body.flatMap((row, index) => [
      ...(index ? [''] : []),
      ...row.flatMap((cell, column) => wrap(`${heads[column] ?? ''}: ${cell}`, width)),
    ])
  }
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => pad(cell, widths[n] ?? 0, align[n]))
      .join('  ')
      .trimEnd()
  return [line(heads), paint('quiet', widths.map((each) => '─'.repeat(each)).join('  ')), ...body.map(line)]
}

function inline(tokens: readonly Token[] | undefined, look: MarkdownLook): string {
  const { paint } = look
  return (tokens ?? [])
    .map((token) => {
      const { type, text, raw, tokens: inner, href } = token as Tokens.Generic
      const content = () => (inner ? inline(inner, look) : (text ?? raw))
      if (type === 'strong') return paint('strong', content())
      if (type === 'em') return paint('emphasis', content())
      if (type === 'del') return paint('deleted', content())
      if (type === 'codespan') return paint('code', text)
      if (type === 'br') return '\n'
      if (type === 'link' || type === 'image') {
        const name = content()
        return name === href || !name ? paint('link', href) : `${name} (${paint('link', href)})`
      }
      return content()
    })
    .join('')
}

const narrower = (look: MarkdownLook, by: number): MarkdownLook => ({ ...look, width: Math.max(10, look.width - by) })
const indent = (lines: readonly string[], mark: string) => lines.map((line) => (mark + line).trimEnd())
const measure = (text: string) => stringWidth(text)

function wrap(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, trim: true }).split('\n')
}

function pad(text: string, width: number, align: 'left' | 'right' | 'center' | null | undefined): string {
  const free = Math.max(0, width - measure(text))
  const before = align === 'right' ? free : align === 'center' ? free >> 1 : 0
  return ' '.repeat(before) + text + ' '.repeat(free - before)
}
