import { htmlToMarkdown } from '@mdream/js'
import { expect, it } from 'vitest'
import { toMarkdown } from './html-to-markdown.ts'

const signal = new AbortController().signal

it('reads a page as the library does', async () => {
  const html = '<h1>A</h1><table><tr><th>b</th></tr><tr><td>c</td></tr></table><ul><li>d<li>e</ul>'
  expect(await toMarkdown(html, signal)).toBe(htmlToMarkdown(html).trim())
})

it('reads the rest of a page whose tables the library fails on', async () => {
  const html = '<p>before</p><tr><th>a</th></tr><p>after</p>'
  expect(() => htmlToMarkdown(html)).toThrow()
  expect(await toMarkdown(html, signal)).toMatch(/^before\s+a\s+after$/)
})

it('leaves out images that are written out in the page, and takes no longer over what only begins like one', async () => {
  const image = `<img alt="a" src="data:image/png;base64,${'A'.repeat(10_000)}">`
  expect(await toMarkdown(`<p>b ${image} c ${image}</p>`, signal)).toBe('b ![a](data:) c ![a](data:)')
  const text = '](data:'.repeat(500_000)
  const shown = await toMarkdown(`<p>${text} ](data:x) y</p>`, signal)
  expect(shown === `${text} ](data:) y`).toBe(true)
})

it('does not begin where it is aborted already, and ends where it is aborted then', async () => {
  await expect(toMarkdown('x', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
  const controller = new AbortController()
  const reading = toMarkdown('<code>x'.repeat(200_000), controller.signal)
  controller.abort(new Error('stop'))
  await expect(reading).rejects.toThrow('stop')
})
