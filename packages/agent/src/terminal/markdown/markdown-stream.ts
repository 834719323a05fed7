import { blocksOf, type MarkdownLook, renderMarkdown } from './render-markdown.ts'

/** Markdown that arrives in pieces, as lines. */
export interface MarkdownStream {
  push(piece: string): void
  /** Lines that no further piece can change, each once, and those that one still can. */
  take(): { lines: string[]; unfinished: string[] }
  /** All that is left, now that nothing follows. */
  end(): string[]
}

/**
 * Blocks are final when another has begun below them, and whole lines only are looked at for that: half a line may yet
 * turn out to be of the block above it. So each block is rendered a last time, and no more than the one at the end again.
 */
export function createMarkdownStream(look: () => MarkdownLook): MarkdownStream {
  let text = ''
  let begun = false

  const render = (markdown: string): string[] => {
    const lines = renderMarkdown(markdown, look())
    return begun && lines.length ? ['', ...lines] : lines
  }
  const keep = (markdown: string): string[] => {
    const lines = render(markdown)
    begun ||= lines.length > 0
    return lines
  }

  return {
    push(piece) {
      text += piece
    },
    take() {
      text = text.replaceAll('\r\n', '\n')
      const length = finalLength(text.slice(0, text.lastIndexOf('\n') + 1))
      const lines = keep(text.slice(0, length))
      text = text.slice(length)
      return { lines, unfinished: render(text) }
    },
    end() {
      const lines = keep(text)
      text = ''
      begun = false
      return lines
    },
  }
}

function finalLength(markdown: string): number {
  const blocks = blocksOf(markdown)
  const last = blocks.findLastIndex(({ type }) => type !== 'space')
  return blocks.slice(0, Math.max(0, last)).reduce((sum, { raw }) => sum + raw.length, 0)
}
