import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createMockServer, script } from '@enjamb/testing'
import { chromium } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { chromiumOptions } from '../../test/chromium.ts'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const line = 'A line that runs on and on across the page, whoever loads it again. '

/** The example's server, in a process of its own. */
async function startServer(cwd: string, apiURL: string, port = '0') {
  const program = fileURLToPath(new URL('live-page/server.ts', import.meta.url))
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['--import', tsx, '-C', '@enjamb/source', program], {
    cwd,
    env: { PATH, HOME, PORT: port, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: apiURL },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [url] = await once(createInterface(child.stdout), 'line')
  return {
    url: url as string,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

it('a page that is loaded again in mid-answer goes on with it, and stops it', { timeout: 120_000 }, async () => {
  const api = await createMockServer({
    script: script([
      { text: line.repeat(20), stallAfterEvents: 30 },
      { text: line.repeat(30), eventDelayMs: 5 },
      'After all.',
    ]),
  })
  const cwd = mkdtempSync(join(tmpdir(), 'enjamb-page-'))
  const browser = await chromium.launch(chromiumOptions())
  let server = await startServer(cwd, api.url)
  onTestFinished(async () => {
    await browser.close()
    await server.stop()
    await api.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  const page = await browser.newPage()
  const errors: unknown[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.goto(server.url)
  const ask = async (text: string) => {
    await page.getByLabel('Prompt').fill(text)
    await page.getByText('Ask').click()
  }
  const answers = page.locator('.answer')

  await ask('One?')
  await answers.first().waitFor()
  const shown = () => answers.evaluateAll((all) => all.map(({ textContent }) => textContent ?? ''))
  await page.waitForFunction(() => (document.querySelector('.answer')?.textContent?.length ?? 0) > 200)
  const [before = ''] = await shown()
  await page.reload()
  await answers.first().waitFor()
  expect((await shown())[0]).toMatch(new RegExp(`^${before}`))
  await page.getByText('Stop').click()
  await page.getByText('interrupted').waitFor()

  await ask('Two?')
  await answers.nth(1).waitFor()
  await page.reload()
  await page.getByText('completed').waitFor()
  expect((await shown())[1]).toBe(line.repeat(30))

  // The browser's own reader is told the same.
  const heard = await page.evaluate(
    async (address) => {
      const types: string[] = []
      const source = new EventSource(address)
      let lastEventId = ''
      await new Promise<void>((resolve) => {
        source.onmessage = (event) => {
          types.push(JSON.parse(event.data).type)
          lastEventId = event.lastEventId
          if (types.at(-1) === 'turn_end' && types.filter((type) => type === 'turn_end').length === 2) resolve()
        }
      })
      source.close()
      return { types, lastEventId }
    },
    `/sessions/${new URL(page.url()).hash.slice(1)}/events`,
  )
  expect(heard.types).toEqual(['prompt', 'part', 'turn_end', 'prompt', 'reply', 'turn_end'])
  expect(heard.lastEventId).toMatch(/^\d+$/)

  // The server goes away, and comes back at its address.
  await server.stop()
  server = await startServer(cwd, api.url, new URL(server.url).port)
  await ask('Three?')
  await page.getByText('After all.').waitFor()
  await page.getByText('completed').nth(1).waitFor()
  expect(await page.locator('.prompt').allTextContents()).toEqual(['One?', 'Two?', 'Three?'])
  expect([errors, api.requests.length]).toEqual([[], 3])
})
