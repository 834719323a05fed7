import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../test/browser.ts'

const worker = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js')

let browser: BrowserPage<typeof import('./fixtures/service-worker-page.ts')>

beforeAll(async () => {
  browser = await openPage({
    entry: new URL('./fixtures/service-worker-page.ts', import.meta.url),
    files: { '/mockServiceWorker.js': pathToFileURL(worker) },
  })
  await browser.call('start')
}, 60_000)
afterAll(() => browser?.close())

// In this order: the script of the page gives one answer after another.
describe('mockHandlers in the service worker of a browser', { timeout: 30_000 }, () => {
  it('answer the official SDK', async () => {
    expect(await browser.call('createWithOfficial')).toMatchObject([{ text: 'In one piece.' }])
  })

  it('stream to the official SDK', async () => {
    const { text, deltas } = await browser.call('streamWithOfficial')
    expect(text).toBe('As a stream, word by word.')
    expect(deltas).toBeGreaterThan(1)
  })

  it('answer createMessage', async () => {
    expect(await browser.call('createWithOurs')).toMatchObject([{ text: 'To enjamb.' }])
  })

  it('fail as the script says, and a retry gets the next turn', async () => {
    expect(await browser.call('createWithOurs')).toMatchObject([{ text: 'At last.' }])
    expect(await browser.call('failWithOurs')).toBe('invalid_request')
  })

  it('cut a stream, and reset a connection', async () => {
    expect(await browser.call('breakOfficial')).toMatch(/error/i)
    expect(await browser.call('breakOfficial')).toBe('connection')
  })

  it('keep requests and accounts in the page', async () => {
    expect(await browser.call('account')).toMatchObject({ requests: 8, answers: 5 })
    expect((await browser.call('account')).usd).toBeGreaterThan(0)
  })
})
