import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPaint } from '../screen/paint.ts'
import { createMarkdownStream } from './markdown-stream.ts'
import { renderMarkdown } from './render-markdown.ts'

const look = { width: 40, paint: createPaint(false) }
const render = (markdown: string) => renderMarkdown(markdown, look).join('\n')

const everything = `# A title

Some *emphasis*, **strength**, \`code\`, ~~gone~~ and a [link](https://example.com), long enough to be wrapped.
A second line
of the paragraph.

1. one
2. two
   - inner
   - [x] done

> quoted
> twice

| name | count |
|---|--:|
| a | 1 |
| bb | 22 |

\`\`\`ts
const a = 1

const b = 2
\`\`\`
---
Setext
===
The end`

describe('Markdown in a terminal', () => {
  it('is lines, wrapped, with one empty line between blocks', () => {
    expect(render(everything)).toBe(`A title

Some emphasis, strength, code, gone and
a link (https://example.com), long
enough to be wrapped.
A second line
of the paragraph.

1. one
2. two
   • inner
   ☑ done

│ quoted
│ twice

name  count
────  ─────
a         1
bb       22

  const a = 1
${'  '}
  const b = 2

${'─'.repeat(40)}

Setext

The end`)
  })

  it('tells a table row by row where its columns do not fit', () => {
    const wide = 'w'.repeat(30)
    expect(render(`| a | b |\n|---|---|\n| ${wide} | ${wide} |`)).toBe(`a: ${wide}\nb: ${wide}`)
  })

  it('counts characters as a terminal does, which takes two places for some', () => {
    expect(render('| a | b |\n|---|---|\n| 漢字 | x |\n| y | z |').split('\n').slice(2)).toEqual(['漢字  x', 'y     z'])
  })

  it('has no character in it that a terminal obeys', () => {
    const hostile = 'a\x1b]0;title\x07 \x1b[2J\x9b2J \u202etxt `\x1b[31m` [x](\x1b]8;;)'
    const text = render(hostile)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(text).toContain('\\x1b]0;title')
  })
})

describe('Markdown that arrives in pieces', () => {
  it('comes to the same lines, wherever it is cut, and none of them is taken back', () => {
    const cuts = fc.array(fc.nat(everything.length), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, (places) => {
        const stream = createMarkdownStream(() => look)
        const lines: string[] = []
        let from = 0
        for (const to of [...places.sort((a, b) => a - b), everything.length]) {
          stream.push(everything.slice(from, to))
          from = to
          lines.push(...stream.take().lines)
        }
        expect([...lines, ...stream.end()].join('\n')).toBe(render(everything))
      }),
      { seed: 1 },
    )
  })

  it('shows a block while it is written, as what it is so far', () => {
    const stream = createMarkdownStream(() => look)
    stream.push('First.\n\n- on')
    expect(stream.take()).toEqual({ lines: [], unfinished: ['First.', '', '• on'] })
    stream.push('e\n- two')
    expect(stream.take()).toEqual({ lines: ['First.'], unfinished: ['', '• one', '• two'] })
    expect(stream.end()).toEqual(['', '• one', '• two'])
  })
})
