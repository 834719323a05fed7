import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../../../test/chromium.ts'
import { checkAccessibility } from './check-accessibility.ts'
import { ask, ended, openChat } from './start-chat.ts'

const paragraphs = Array.from({ length: 12 }, (_, n) => `Paragraph ${n} says that *something* runs on over its line.`)
const long = ['## A title', ...paragraphs, '```ts\nconst one = 1\n```', '| a | b |\n|---|---|\n| 1 | 2 |'].join('\n\n')
const note = { title: 'Rivers', text: 'The Nile, the Amazon, and others that are long. '.repeat(8) }
const saves = { thinking: 'A note is wanted.', text: 'I save it.', toolCalls: [{ name: 'save_note', input: note }] }

let browser: Browser
beforeAll(async () => {
  await build({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'error' })
  browser = await chromium.launch(chromiumOptions())
})
afterAll(() => browser.close())

const allow = (page: Page) => page.getByRole('button', { name: 'Allow', exact: true })
const answers = (page: Page) => page.locator('.answer')

describe('an answer', () => {
  it('forms as Markdown while it comes, and its blocks that are whole keep their elements', async () => {
    const { page } = await openChat(browser, [{ thinking: 'I think first.', text: long, eventDelayMs: 4 }])
    await ask(page, 'Tell me.')
    await page.locator('.prose > :nth-child(5)').waitFor()
    const seen = await page.evaluate(() => {
      const blocks = [...document.querySelectorAll('.prose > *')].slice(0, 4)
      Object.assign(window, { blocks })
      getSelection()?.selectAllChildren(blocks[1]!)
      return blocks.length
    })
    await ended(page)
    const kept = await page.evaluate(() => {
      const { blocks } = window as unknown as { blocks: Element[] }
      return blocks.filter((block, n) => document.querySelectorAll('.prose > *')[n] === block).length
    })
    expect(kept).toBe(seen)
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(paragraphs[0]!.replaceAll('*', ''))
    expect(await page.locator('.figures').textContent()).toMatch(/\d+ tokens · \$0\.\d{4}/)
    expect(await page.locator('#spent').textContent()).toMatch(/^\$0\.\d{4}$/)

    const html = await page.locator('.prose').innerHTML()
    expect(await page.locator('.thoughts p').isVisible()).toBe(false)
    await page.getByText('Thoughts').click()
    expect(await page.locator('.thoughts p').textContent()).toBe('I think first.')
    // Read from the journal, it is the same.
    await page.reload()
    await ended(page)
    expect(await page.locator('.prose').innerHTML()).toBe(html)
  })

  it('goes on where it was when the page is loaded again in the middle of it, and ends with Escape', async () => {
    const { page, api } = await openChat(browser, [{ text: long.repeat(3), eventDelayMs: 15 }, 'After all.'])
    await ask(page, 'Tell me.')
    await page.getByText('Paragraph 2').waitFor()
    const before = await page.locator('.prose > p').first().innerHTML()
    await page.reload()
    await page.getByText('Paragraph 4').first().waitFor()
    expect(await page.locator('.prose > p').first().innerHTML()).toBe(before)
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Stopped.').waitFor()
    await ask(page, 'And now?')
    await answers(page).getByText('After all.').waitFor()
    await ended(page, 2)
    expect(api.requests.length).toBe(2)
    expect(await page.locator('.chats a').allTextContents()).toEqual(['Tell me.'])
  })

  it('that a crash of the server has cut off is asked for again, once', async () => {
    const { page, api, crash } = await openChat(browser, [{ text: long, stallAfterEvents: 40 }, `Whole now. ${long}`])
    await ask(page, 'Tell me.')
    await page.locator('.prose > :nth-child(2)').waitFor()
    await crash()
    await page.getByRole('button', { name: 'Go on' }).click()
    await ended(page)
    expect(await answers(page).textContent()).toMatch(/^(Thoughts)?Whole now\./)
    expect(await page.locator('.question').count()).toBe(1)
    expect(api.requests.length).toBe(2)
  })
})

describe('a call of a tool', () => {
  it('is shown while its input is written, and waits to be allowed, also over a reload', async () => {
    const { page, api } = await openChat(browser, [{ ...saves, stallAfterEvents: -20 }, saves, 'It is saved.'])
    await ask(page, 'Save it.')
    const text = page.locator('.tool dd').nth(1)
    await text.waitFor()
    expect(await page.locator('.tool-state').textContent()).toBe('Writing')
    // What was written when a page is loaded again is in it.
    await page.reload()
    await text.waitFor()
    const part = (await text.textContent())!
    expect([note.text.startsWith(part), part.length < note.text.length]).toEqual([true, true])
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').waitFor()

    await ask(page, 'Save it after all.')
    await allow(page).waitFor()
    expect(await page.locator('.tool[data-state=asking] dd').nth(1).textContent()).toBe(note.text)
    await page.reload()
    await allow(page).focus()
    await page.keyboard.press('Enter')
    await answers(page).getByText('It is saved.').waitFor()
    await ended(page, 2)
    expect(await page.locator('.tool-state').last().textContent()).toBe('Done')
    expect(JSON.stringify(api.requests.at(-1)!.body)).toContain('Saved as')
  })

  it('that is not allowed is not made, and what is written in place of an answer refuses it', async () => {
    const { page, api } = await openChat(browser, [saves, 'Then not.', saves, 'As you say.'])
    await ask(page, 'Save it.')
    await page.getByRole('button', { name: 'Don’t allow' }).click()
    await answers(page).getByText('Then not.').waitFor()
    await ended(page)
    expect(await page.locator('.tool-state').textContent()).toBe('Not allowed')
    await ask(page, 'Save it after all.')
    await allow(page).waitFor()
    await ask(page, 'No, tell me instead.')
    await answers(page).getByText('As you say.').waitFor()
    expect(JSON.stringify(api.requests.at(-1)!.body)).not.toContain('Saved as')
    expect(await allow(page).count()).toBe(0)
  })
})

describe('what goes wrong', () => {
  it('is told in words, with what to do, and the same question is asked again', async () => {
    const error = (status: number) => ({ error: { status, headers: { 'x-should-retry': 'false' } } })
    const { page } = await openChat(browser, [error(529), error(401), 'At last.'])
    await ask(page, 'Are you there?')
    await page.getByText('Claude is busy right now').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('The key is not accepted').waitFor()
    // After a reload, too.
    await page.reload()
    await page.getByRole('button', { name: 'Try again' }).click()
    await answers(page).getByText('At last.').waitFor()
    await ended(page)
    expect(await page.locator('.question').allTextContents()).toEqual(['Are you there?'])
    expect(await page.locator('.failure').count()).toBe(0)
  })

  it('leaves what had come of an answer that broke off', async () => {
    const { page } = await openChat(browser, [{ text: long, cutAfterEvents: 40 }, 'Whole.'])
    await ask(page, 'Tell me.')
    await page.getByText('The answer broke off').waitFor()
    expect(await page.locator('.prose h3').textContent()).toBe('A title')
    await page.getByRole('button', { name: 'Try again' }).click()
    await answers(page).getByText('Whole.').waitFor()
    expect(await page.locator('.prose h3').count()).toBe(0)
  })

  it('is said of a server that is not there', async () => {
    const { page } = await openChat(browser, [])
    await page.route('**/sessions/**', (route) => route.abort())
    await ask(page, 'Are you there?')
    await page.getByText('No connection').waitFor()
    await page.unroute('**/sessions/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await answers(page).getByText('You said: Are you there?').waitFor()
  })
})

describe('for everyone', () => {
  it.each([
    { name: 'a desktop, light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { name: 'a desktop, dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
    { name: 'a phone, light', colorScheme: 'light', viewport: { width: 390, height: 844 } },
    { name: 'a phone, dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ] as const)('axe finds nothing on $name, and nothing is wider than the screen', async ({ name: _, ...options }) => {
    const { page } = await openChat(
      browser,
      [{ text: long, stallAfterEvents: 60 }, saves, 'Saved.', { error: { status: 400, message: 'x'.repeat(300) } }],
      options,
    )
    const found: string[] = []
    const check = async (state: string) => {
      // Its ways between two states are none.
      await page.evaluate(() =>
        Promise.all(
          document.getAnimations().map((one) => one.effect?.getComputedTiming().iterations === 1 && one.finished),
        ),
      )
      found.push(...(await checkAccessibility(page)).map((violation) => `${state}: ${violation}`))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      const wider = await page.locator('#scroller').evaluate((element) => element.scrollWidth - element.clientWidth)
      if (wide > 0 || wider > 0) found.push(`${state}: too wide`)
    }
    await check('empty')
    await ask(page, 'Tell me.')
    await page.locator('.prose > :nth-child(3)').waitFor()
    await check('streaming')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').waitFor()
    await ask(page, 'Save it.')
    await allow(page).waitFor()
    await check('asking')
    await allow(page).click()
    await answers(page).getByText('Saved.').waitFor()
    await ended(page, 2)
    await ask(page, `Fail, ${'w'.repeat(200)}.`)
    await page.locator('.failure').waitFor()
    await page.getByText('Details').click()
    await check('failed')
    if (await page.getByRole('button', { name: 'Chats' }).isVisible()) {
      await page.getByRole('button', { name: 'Chats' }).click()
      await check('chats')
      await page.keyboard.press('Escape')
      expect(
        await page.getByRole('button', { name: 'Chats' }).evaluate((opener) => opener === document.activeElement),
      ).toBe(true)
    }
    expect(found).toEqual([])
  })

  it('a screen reader is told when an answer begins and when it is whole, and of what waits; not each piece', async () => {
    const { page } = await openChat(browser, [{ text: long, eventDelayMs: 1 }, saves])
    await page.evaluate(() => {
      const said: string[] = []
      Object.assign(window, { said })
      const live = [...document.querySelectorAll('[aria-live], [role=status], [role=log], [role=alert]')]
      if (live.length !== 1) said.push(`${live.length} places speak`)
      new MutationObserver(() => said.push(live[0]!.textContent)).observe(live[0]!, { childList: true, subtree: true })
    })
    await ask(page, 'Tell me.')
    await ended(page)
    await ask(page, 'Save it.')
    await allow(page).waitFor()
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
    expect(said).toEqual([
      'Claude is answering.',
      expect.stringMatching(/^Claude: A title\nParagraph 0 says that something runs on/),
      'Claude is answering.',
      'Claude asks whether it may: Save note.',
    ])
  })

  it('all can be done with the keyboard', async () => {
    const { page } = await openChat(browser, [saves, 'Saved.'])
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id)
    const tabTo = async (name: string) => {
      for (let n = 0; n < 30 && (await focused()) !== name; n++) await page.keyboard.press('Tab')
      expect(await focused()).toBe(name)
    }
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the message box')
    await page.keyboard.press('Enter')
    await page.keyboard.type('One line')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('and another')
    await page.keyboard.press('Enter')
    await allow(page).waitFor()
    expect(await page.locator('.question').textContent()).toBe('One line\nand another')
    await page.locator('#scroller').focus()
    await tabTo('Allow')
    await page.keyboard.press('Space')
    await answers(page).getByText('Saved.').waitFor()
    await ended(page)
    await tabTo('prompt')
  })
})
