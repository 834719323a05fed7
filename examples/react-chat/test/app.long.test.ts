import { fileURLToPath } from 'node:url'
import { createMockServer, script } from '@enjamb/testing'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'
import { expect, it, onTestFinished, vi } from 'vitest'
import { chromiumOptions } from '../../../test/chromium.ts'

it('a conversation in React: answers arrive, one is stopped, one fails and is asked for again, and no key is in the page', async () => {
  const api = await createMockServer({
    script: script([
      { text: 'The Nile, I think. '.repeat(30), eventDelayMs: 2 },
      { text: 'On and on. '.repeat(30), stallAfterEvents: 20 },
      { error: { status: 400, message: 'No.' } },
      'Here I am.',
    ]),
  })
  vi.stubEnv('ANTHROPIC_API_KEY', 'the-key')
  vi.stubEnv('ANTHROPIC_BASE_URL', api.url)
  const root = fileURLToPath(new URL('..', import.meta.url))
  const server = await createServer({ root, logLevel: 'error', server: { port: 0, hmr: false, watch: null } })
  await server.listen()
  const browser = await chromium.launch(chromiumOptions())
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await browser.close()
    await server.close()
    await api.close()
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  const seen: string[] = []
  page.on('request', (request) => seen.push(JSON.stringify(request.headers())))
  page.on('pageerror', (error) => seen.push(`failed: ${error}`))
  await page.goto(server.resolvedUrls!.local[0]!)
  const ask = async (text: string) => {
    await page.getByLabel('Message').fill(text)
    await page.keyboard.press('Enter')
  }
  const said = () => page.locator('p').allTextContents()

  await ask('Which river is the longest?')
  await page.getByText('The Nile').waitFor()
  await page.getByRole('button', { name: 'Send' }).waitFor()
  expect(await said()).toEqual(['Which river is the longest?', 'The Nile, I think. '.repeat(30)])

  await ask('Go on.')
  await page.getByText('On and on').waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('button', { name: 'Send' }).waitFor()
  expect((await said()).at(-1)).toMatch(/^On and on/)

  await ask('Are you there?')
  await page.getByRole('alert').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Here I am.').waitFor()
  expect((await said()).slice(-2)).toEqual(['Are you there?', 'Here I am.'])
  expect(seen.filter((text) => text.includes('the-key') || text.startsWith('failed'))).toEqual([])
})
