import { inspect } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkAccessibility } from '../../examples/browser-chat/test/check-accessibility.ts'
import { runs } from '../../examples/runs.ts'
import { listSnippets } from '../playground/build/list-snippets.ts'
import { formatValue } from '../playground/runner/format-value.ts'

/** The tests of the playground, in a site that is built and served. */
export function checkPlayground(browserOf: () => Browser, siteOf: () => string): void {
  /** A page that nothing leaves: what it asks of other hosts, the service worker answers. */
  async function open(path = 'playground.html', site = siteOf()): Promise<Page> {
    const context = await browserOf().newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(String(error)))
    context.on('requestfailed', (request) => {
      if (isElsewhere(request.url()) && request.failure()?.errorText !== 'net::ERR_ABORTED') wrong.push(request.url())
    })
    context.on('response', (response) => {
      if (isElsewhere(response.url()) && !response.fromServiceWorker()) wrong.push(response.url())
    })
    context.on('request', (request) => {
      if (isElsewhere(request.url()) && request.serviceWorker()) wrong.push(request.url())
    })
    const isElsewhere = (url: string) => !url.startsWith(site) && !/^(blob|data):/.test(url)
    onTestFinished(async () => {
      await context.close()
      expect(wrong).toEqual([])
    })
    page.setDefaultTimeout(60_000)
    await page.goto(`${site}/${path}`)
    return page
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const printed = async (page: Page) => (await page.getByRole('log').textContent()) ?? ''
  const ended = (page: Page) =>
    page
      .getByRole('status')
      .getByText(/Done|Failed/)
      .waitFor()
  const code = (page: Page) => page.getByRole('textbox', { name: 'Code' })
  async function runCode(page: Page, text: string) {
    await button(page, 'Run').and(page.locator(':enabled')).waitFor()
    await code(page).fill(text)
    await code(page).press('Control+Enter')
  }

  describe('the playground', { timeout: 120_000 }, () => {
    it('has the examples that import only what runs everywhere, each with its run', () => {
      expect(
        listSnippets()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(Object.keys(runs).sort())
    })

    it('runs each of them to its end, and they print what they print in Node', async () => {
      const page = await open()
      for (const [name, { out }] of Object.entries(runs)) {
        await page.getByLabel('Snippet').selectOption(name)
        await button(page, 'Run').click()
        await ended(page)
        // What stands below may still be on its way.
        await expect.poll(() => printed(page), { message: name }).toMatch(out)
      }
      // The last has asked twice.
      expect(await page.locator('.wire tbody tr').count()).toBe(2)
      expect(await page.getByRole('status').textContent()).toMatch(/Done in .* 2 requests, \$0\.000\d+\./)
    })

    it('counts the cost of every request, those of batches with their answers', async () => {
      const page = await open('playground.html#chat/batch')
      await button(page, 'Run').and(page.locator(':enabled')).click()
      await ended(page)
      const [, whole, late] = /^3 0 \d+ ([\d.]+)[\s\S]*\] ([\d.]+)\n/.exec(await printed(page)) ?? []
      const cost = (2 * (Number(whole) + Number(late))).toFixed(6)
      await page.getByRole('status').getByText(`12 requests, $${cost}.`).waitFor()
    })

    it('writes values as the console of Node does', () => {
      class River {
        name = "it's"
      }
      const widths = Array.from({ length: 80 }, (_, width) => ({ inner: { text: 'x'.repeat(width), next: 'y' } }))
      const values = [
        ...[-0, 2n, null, undefined, 'a\nb', Symbol('s'), /a/g, new Date(0), () => 1, River, new River(), [], {}],
        ...[[undefined, [2, [3, [4, [5]]]]], { 'a-b': { b: { c: { d: 1 } } } }, new Uint8Array(2), { f() {} }],
        ...[new Map([['a', { b: 1 }]]), new Set(['x'])],
      ]
      for (const value of [...values, ...widths]) expect(formatValue(value)).toBe(inspect(value))
    })

    it('shows an error with its code, its message and its line', async () => {
      const page = await open()
      const ask = `import { createClient, createMessage } from '@enjamb/core'
        const messages = [{ role: 'user' as const, content: 'Hi' }]
        await createMessage(createClient(), { model: 'nobody', max_tokens: 9, messages })`
      await runCode(page, ask)
      await ended(page)
      expect(await printed(page)).toMatch(/^NotFoundError \(not_found\): .*nobody.*\nat line 3\n$/)
      expect(await page.locator('.wire td.failed').textContent()).toBe('404')
      expect(await checkAccessibility(page)).toEqual([])
      await runCode(page, `\nconst a: number = 1\nthrow new TypeError('no ' + a)`)
      await ended(page)
      expect(await printed(page)).toBe('TypeError: no 1\nat line 3\n')
      await runCode(page, 'const a = = 1')
      await ended(page)
      expect(await printed(page)).toMatch(/^SyntaxError: .*\(1:11\)\n$/)
      await runCode(page, `import 'node:fs'`)
      await ended(page)
      expect(await printed(page)).toMatch(
        /^SyntaxError: There is no "node:fs" here\. A snippet may import @enjamb\/core,/,
      )
    })

    it('stops what would never end, and cuts off what was under way', async () => {
      const page = await open('playground.html#stream/first-stream')
      await runCode(page, `console.log('on'); for (;;) {}`)
      await page.getByRole('log').getByText('on').waitFor()
      await button(page, 'Stop').click()
      await page.getByRole('status').getByText('Stopped.').waitFor()

      const long = `import { createChat } from '@enjamb/chat'
        for await (const { text } of createChat().stream('word '.repeat(2_000))) console.log(text)`
      await runCode(page, long)
      await page.getByRole('log').getByText('word').first().waitFor()
      await button(page, 'Stop').click()
      await page.locator('.wire').getByText('200, cut off').waitFor()
    })

    it('ends what prints without an end', async () => {
      const page = await open()
      await runCode(page, `for (;;) console.log('and so on')`)
      await ended(page)
      expect(await printed(page)).toMatch(/and so on\nError: A snippet may print 200,000 characters, no more\./)
    })

    it('lets a snippet ask nobody else', async () => {
      const page = await open()
      await runCode(page, `console.log((await (await fetch('https://example.com/')).json()).error.message)`)
      await ended(page)
      expect(await printed(page)).toBe('There is no network here, so example.com cannot be asked.\n')
    })

    it('has a link for what was changed, also for one who comes from another page of the site', async () => {
      const page = await open('playground.html#chat/talk')
      await runCode(page, `console.log('Grüße', { a: [1, 'b'] })`)
      await ended(page)
      await button(page, 'Copy link').click()
      await page.getByRole('status').getByText('The link is copied.').waitFor()
      const link = new URL(await page.evaluate(() => navigator.clipboard.readText()))

      const other = await open('testing.html')
      await other.evaluate((href) => {
        const link = Object.assign(document.createElement('a'), { href, textContent: 'That snippet' })
        document.querySelector('main')!.prepend(link)
      }, link.href)
      await other.getByRole('link', { name: 'That snippet' }).click()
      await button(other, 'Run').and(other.locator(':enabled')).click()
      await ended(other)
      expect(await printed(other)).toBe(`Grüße { a: [ 1, 'b' ] }\n`)
      expect(await other.getByLabel('Snippet').inputValue()).toBe('chat/talk')
      await button(other, 'Undo all').click()
      await other.locator('.cm-line').getByText('Name a river').waitFor()
    })

    it('can be used and left with the keyboard', async () => {
      const page = await open()
      await code(page).fill('')
      await page.keyboard.press('Tab')
      expect(await code(page).textContent()).toMatch(/^\s+$/)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Output')
    })

    it('says so where there can be no service worker', async () => {
      // An address of this machine that a browser does not trust.
      const page = await open('playground.html', siteOf().replace('127.0.0.1', '0.0.0.0'))
      await page.getByRole('alert').getByText('Snippets cannot run here').waitFor()
      expect(await button(page, 'Run').isDisabled()).toBe(true)
    })
  })
}
