import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../test/browser.ts'

let page: BrowserPage<typeof import('./markdown-page.ts')>
beforeAll(async () => {
  page = await openPage({ entry: new URL('markdown-page.ts', import.meta.url) })
})
afterAll(() => page.close())

const readme = readFileSync(new URL('../../../packages/agent/README.md', import.meta.url), 'utf8').slice(0, 12_000)
const mixed = `# One

Text with \`code\`, **strong *and em***, ~~gone~~ and [a link](https://example.com).
It goes on\\
here.

Setext
------

1. one
2. two

   more of two
   - in it

| a | b |
|---|--:|
| 1 | 2 |

- [x] done
- [ ] open

> said
> > deeper

\`\`\`\`md
\`\`\`
not the end
\`\`\`
\`\`\`\`

[named]: https://example.org "title"

See [named], and <https://example.net>.\r\n\r\nThe last\r\nlines.

    indented

***
End`

it('text that comes in pieces, cut anywhere, comes to what it is as a whole', { timeout: 120_000 }, async () => {
  const whole = await page.call('showInPieces', [mixed])
  expect(
    await page.call(
      'showInPieces',
      [...mixed.matchAll(/\r\n|.|\n/gs)].map(([letter]) => letter),
    ),
  ).toBe(whole)
  const source = [mixed, readme].join('\n\n')
  const all = await page.call('showInPieces', [source])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 5, maxLength: 40 }), async (lengths) => {
      const pieces: string[] = []
      for (let at = 0, n = 0; at < source.length; n++) {
        let end = at + lengths[n % lengths.length]!
        if (source[end - 1] === '\r') end++
        pieces.push(source.slice(at, end))
        at = end
      }
      expect(await page.call('showInPieces', pieces)).toBe(all)
    }),
    { numRuns: 30, seed: 19 },
  )
})

it('a block that is whole is never made again', async () => {
  const paragraphs = Array.from({ length: 20 }, (_, n) => `Paragraph ${n} says a little.`)
  const text = paragraphs.join('\n\n')
  const made = await page.call('countElements', text)
  // One for each letter and the line break behind it, whatever comes after; so the cost is linear.
  expect(made).toHaveLength(20)
  for (const [n, count] of made.entries()) expect(count).toBeLessThanOrEqual(paragraphs[n]!.length + 3)
})

it.each([
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '<svg onload="window.harmed=1"><a xlink:href="javascript:window.harmed=1"><text>x</text></a></svg>',
  '<iframe srcdoc="<script>parent.harmed=1</script>"></iframe>',
  '<a href="javascript:window.harmed=1">x</a> <form action="//evil.example"><button formaction="javascript:1">x</button></form>',
  '<style>@import "https://evil.example/x.css"</style><link rel=stylesheet href="//evil.example/x.css">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.harmed=1&gt;">',
  '[x](javascript:window.harmed=1) [y](JaVaScRiPt:window.harmed=1) [z](java\nscript:1) [d](data:text/html,<script>1</script>)',
  '[x](&#106;avascript:window.harmed=1) <javascript:window.harmed=1> [v](vbscript:1) [r](/relative) [f](file:///etc/passwd)',
  '[x](https://example.com" onmouseover="window.harmed=1) [y](https://example.com/?q="><img/src/onerror=window.harmed=1>)',
  '![](https://evil.example/?secret) ![a"onerror="window.harmed=1](x) ![b](data:image/svg+xml,<svg/onload=1>)',
  '[x]\n\n[x]: javascript:window.harmed=1\n\n[![](https://evil.example/a.png)](javascript:1)',
  '```"><img src=x onerror=window.harmed=1>\n</code></pre><script>window.harmed=1</script>\n```',
  '`<img src=x onerror=window.harmed=1>` <b id="title" name="body">clobbers</b> <base href="//evil.example/">',
])('Markdown that means harm does none, at no moment: %s', async (text) => {
  const asked: string[] = []
  page.page.on('request', (request) => asked.push(request.url()))
  expect(await page.call('findHarm', `Before\n\n${text}\n\nAfter`)).toEqual([])
  expect(asked.filter((url) => !url.startsWith(page.url))).toEqual([])
})
