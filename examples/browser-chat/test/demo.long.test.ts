import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumOptions } from '../../../test/chromium.ts'
import { ask, ended, openPage } from './start-chat.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = mkdtempSync(join(tmpdir(), 'enjamb-demo-'))
let browser: Browser
let server: PreviewServer
beforeAll(async () => {
  await build({ root, mode: 'demo', logLevel: 'error', build: { outDir, emptyOutDir: true } })
  const configFile = join(root, 'vite.worker.config.ts')
  await build({ root, configFile, logLevel: 'error', build: { outDir, emptyOutDir: false } })
  server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: 0 } })
  browser = await chromium.launch(chromiumOptions())
})
afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(outDir, { recursive: true })
})

const open = () => openPage(browser, server.resolvedUrls!.local[0]!)

/** The browser ends a service worker when it likes, also in the middle of an answer. */
async function stopWorker(page: Page): Promise<void> {
  const tools = await page.context().newCDPSession(page)
  await tools.send('ServiceWorker.enable')
  await tools.send('ServiceWorker.stopAllWorkers')
  await tools.detach()
}

it('the demo needs no server: a tool is allowed, an answer goes on over a reload, and chats stay', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Save a note' }).click()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await ended(page)
  expect(await page.locator('.tool-state').allTextContents()).toEqual(['Done', 'Done', 'Done'])

  await page.getByRole('button', { name: 'New chat' }).click()
  await page.getByRole('button', { name: 'enjambment' }).click()
  await page.locator('.prose > :nth-child(3)').waitFor()
  await page.reload()
  await page.locator('.prose > :nth-child(3)').waitFor()
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  await ended(page)
  expect(await page.locator('.prose').textContent()).toMatch(/^An enjambment is .* There is more on Wikipedia\.\s*$/s)

  await page.getByRole('link', { name: 'Lisbon' }).click()
  await page.getByText('Saved. Meet at').waitFor()
  expect(await page.locator('.chats a').count()).toBe(2)
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
  expect(names).toEqual(['browser-chat'])
})

it('what the end of the service worker has cut off is gone on with', async () => {
  const page = await open()
  await ask(page, 'What is an enjambment?')
  await page.locator('.prose > :nth-child(2)').waitFor()
  await stopWorker(page)
  await page.getByRole('button', { name: 'Go on' }).click()
  await ended(page)
  expect(await page.locator('.prose').textContent()).toMatch(/^An enjambment is .* There is more on Wikipedia\.\s*$/s)
  expect(await page.locator('.question').count()).toBe(1)
})
