import type { MarkdownRenderer } from 'vitepress'

/** A head of a table that says nothing is an empty cell, so that nobody hears of a heading without a name. */
export function nameHeaders(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('empty-headers', ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[at + 1]?.content) continue
      token.tag = 'td'
      tokens[at + 2]!.tag = 'td'
    }
  })
}
