import { sessionStoreTests } from '@enjamb/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../../test/browser.ts'

let browser: BrowserPage<typeof import('../../test/indexed-db-page.ts')>

beforeAll(async () => {
  browser = await openPage({ entry: new URL('../../test/indexed-db-page.ts', import.meta.url) })
}, 60_000)
afterAll(() => browser?.close())

describe('the store in a browser', () => {
  // Their names alone: they run in the page.
  for (const { name } of sessionStoreTests(() => undefined as never)) {
    it(name, async () => {
      expect(await browser.call('run', name)).toBeUndefined()
    })
  }

  it('keeps a session from a second tab, and gives it to that once the first is closed', async () => {
    const [first] = await Promise.all([
      browser.page.waitForEvent('popup'),
      browser.page.evaluate('void open(location.href)'),
    ])
    await first.waitForLoadState()
    const hold = `import('/page.js').then(({ hold }) => hold('s'))`
    expect(await first.evaluate(hold)).toBe('held 1')
    expect(await browser.call('hold', 's')).toMatch(/^session_busy Session s is written by a tab, since /)
    await first.close()
    expect(await browser.call('hold', 's')).toBe('held 2')
  })
})
