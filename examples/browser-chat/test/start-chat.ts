import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** The example's own server, in a process of its own. */
async function startServer(cwd: string, apiURL: string, port = '0') {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['--import', tsx, '-C', '@enjamb/source', join(folder, 'server.ts')], {
    cwd,
    env: { PATH, HOME, PORT: port, ANTHROPIC_API_KEY: 'the-key', ANTHROPIC_BASE_URL: apiURL },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  const [url] = await once(createInterface(child.stdout), 'line')
  return {
    url: url as string,
    async kill(signal: 'SIGTERM' | 'SIGKILL') {
      child.kill(signal)
      await exited
    },
  }
}

/** A page of the example, and what it talks to. */
export interface OpenChat {
  page: Page
  api: MockServer
  /** Ends the server as a crash does, and starts it again at its address. */
  crash(): Promise<void>
}

/** Opens the page at the example's server, whose API says these turns. What the page asks of other hosts fails the test. */
export async function openChat(
  browser: Browser,
  turns: Turn[],
  options: BrowserContextOptions = {},
): Promise<OpenChat> {
  const api = await createMockServer({ script: script(turns) })
  const cwd = mkdtempSync(join(tmpdir(), 'enjamb-chat-'))
  let server = await startServer(cwd, api.url)
  const page = await openPage(browser, server.url, options, async () => {
    await server.kill('SIGTERM')
    await api.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  return {
    page,
    api,
    async crash() {
      await server.kill('SIGKILL')
      server = await startServer(cwd, api.url, new URL(server.url).port)
    },
  }
}

/** Opens an address by itself: no other host is asked for anything, and no script fails. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  close: () => Promise<void> = async () => {},
): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:')) wrong.push(request.url())
  })
  onTestFinished(async () => {
    await context.close()
    await close()
    expect(wrong).toEqual([])
  })
  page.setDefaultTimeout(60_000)
  await page.goto(url)
  return page
}

/** Writes a question, and sends it with the keyboard. */
export async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
}

/** Until so many turns have ended, in whichever way that says what it came to. */
export async function ended(page: Page, turns = 1): Promise<void> {
  await page
    .locator('.figures')
    .nth(turns - 1)
    .waitFor()
}
