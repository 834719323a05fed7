import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { chromiumOptions } from '../../test/chromium.ts'
import { keepAsking } from './keep-asking.ts'
import { servePage } from './serve-page.ts'
import { startFleet } from './start-fleet.ts'

async function open(url: string): Promise<Page> {
  const browser = await chromium.launch(chromiumOptions())
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1_000, height: 900 } })
  await page.goto(url)
  return page
}

function look(page: Page) {
  const shown = async (label: string) =>
    Number(await page.locator('#numbers div', { hasText: label }).locator('b').textContent())
  return {
    shown,
    async more() {
      const before = await shown('answered')
      await expect.poll(() => shown('answered'), { timeout: 90_000 }).toBeGreaterThan(before + 5)
    },
  }
}

it('a page shows a fleet at work, and that nothing is lost where a worker, the engine or the database is killed', {
  timeout: 300_000,
}, async () => {
  const fleet = await startFleet(3)
  onTestFinished(() => fleet.close())
  const asking = keepAsking(fleet, 6)
  const { url, view, close } = await servePage(fleet, asking.counts, 0)
  onTestFinished(close)
  const page = await open(url)
  const { shown, more } = look(page)
  await expect.poll(() => page.locator('#sessions tr').count(), { timeout: 60_000 }).toBe(6)
  const failing = await fleet.client.send('failing', 'The lamps of order X1 came broken.')
  await expect.poll(() => page.locator('#parked p').allTextContents(), { timeout: 90_000 }).toHaveLength(1)
  expect(await page.locator('#parked p').textContent()).toMatch(/^failing is parked\. The turn was tried 4 times/)
  if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}/fleet.png` })
  await page.getByRole('button', { name: 'Try again' }).click()
  expect((await failing.final()).status).toBe('completed')
  await expect.poll(() => page.locator('#parked p').count()).toBe(0)
  await more()
  await page.getByRole('button', { name: 'Kill' }).first().click()
  await expect.poll(() => shown('workers killed'), { timeout: 60_000 }).toBe(1)
  await more()
  await page.getByRole('button', { name: 'Restart the engine' }).click()
  await more()
  await page.getByRole('button', { name: 'Restart the database' }).click()
  await more()
  asking.stop()
  await asking.ended
  await expect.poll(async () => (await view()).answered, { timeout: 60_000 }).toBe(asking.counts.sent + 1)
  const { payments, cost, sessions } = await view()
  expect(payments.made).toBeGreaterThan(20)
  expect(payments.twice).toBe(0)
  expect(cost.usd).toBeLessThanOrEqual(cost.cap)
  expect(sessions.map(({ holder, status }) => [holder, status])).toEqual(Array(7).fill([null, 'completed']))
  if (process.env.SCREENSHOT) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 420, height: 900 })
    await expect.poll(() => shown('answered')).toBe(asking.counts.sent + 1)
    await page.screenshot({ path: `${process.env.SCREENSHOT}/fleet-narrow.png` })
  }
})

it('the command starts all of it, and Ctrl-C ends all of it', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-command-'))
  // PostgreSQL is of another user, where this is root.
  chmodSync(folder, 0o755)
  const args = ['--import', 'tsx', '--conditions=@enjamb/source', fileURLToPath(new URL('main.ts', import.meta.url))]
  // A group of its own, which has what a terminal's Ctrl-C reaches.
  const child = spawn(process.execPath, args, {
    detached: true,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const hasProcesses = () => {
    try {
      return process.kill(-child.pid!, 0)
    } catch {
      return false
    }
  }
  onTestFinished(() => {
    if (hasProcesses()) process.kill(-child.pid!, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
  await expect.poll(() => child.exitCode ?? said, { timeout: 120_000 }).toMatch(/http:\S+ shows/)
  const page = await open(/http:\S+/.exec(said)![0])
  const { shown, more } = look(page)
  await expect.poll(() => page.locator('.worker').count(), { timeout: 60_000 }).toBe(3)
  await page.getByRole('button', { name: 'Kill' }).first().click()
  await expect.poll(() => shown('workers killed'), { timeout: 60_000 }).toBe(1)
  await more()
  if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}/fleet-command.png` })
  const ended = once(child, 'exit')
  process.kill(-child.pid!, 'SIGINT')
  expect(await ended).toEqual([0, null])
  await expect.poll(hasProcesses, { timeout: 10_000 }).toBe(false)
  expect(readdirSync(folder).filter((name) => name.startsWith('enjamb-'))).toEqual([])
  expect(said.trim().split('\n')).toHaveLength(1)
})
