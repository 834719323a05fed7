import { chromium } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { chromiumOptions } from '../../test/chromium.ts'
import { keepAsking } from './keep-asking.ts'
import { servePage } from './serve-page.ts'
import { startFleet } from './start-fleet.ts'

it('a page shows a fleet at work, and that nothing is lost where a worker, the engine or the database is killed', {
  timeout: 300_000,
}, async () => {
  const fleet = await startFleet(3)
  onTestFinished(() => fleet.close())
  const asking = keepAsking(fleet, 6)
  const { url, view, close } = await servePage(fleet, asking.counts, 0)
  onTestFinished(close)
  const browser = await chromium.launch(chromiumOptions())
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1_000, height: 900 } })
  await page.goto(url)
  const shown = async (label: string) =>
    Number(await page.locator('#numbers div', { hasText: label }).locator('b').textContent())
  const more = async () => {
    const before = await shown('answered')
    await expect.poll(() => shown('answered'), { timeout: 90_000 }).toBeGreaterThan(before + 5)
  }
  await expect.poll(() => page.locator('#sessions tr').count(), { timeout: 60_000 }).toBe(6)
  await more()
  if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}/fleet.png` })
  await page.getByRole('button', { name: 'Kill' }).first().click()
  await expect.poll(() => shown('workers killed'), { timeout: 60_000 }).toBe(1)
  await more()
  await page.getByRole('button', { name: 'Restart the engine' }).click()
  await more()
  await page.getByRole('button', { name: 'Restart the database' }).click()
  await more()
  asking.stop()
  await asking.ended
  await expect.poll(async () => (await view()).answered, { timeout: 60_000 }).toBe(asking.counts.sent)
  const { payments, cost, sessions } = await view()
  expect(payments.made).toBeGreaterThan(20)
  expect(payments.twice).toBe(0)
  expect(cost.usd).toBeLessThanOrEqual(cost.cap)
  expect(sessions.map(({ holder, status }) => [holder, status])).toEqual(Array(6).fill([null, 'completed']))
  if (process.env.SCREENSHOT) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 420, height: 900 })
    await expect.poll(() => shown('answered')).toBe(asking.counts.sent)
    await page.screenshot({ path: `${process.env.SCREENSHOT}/fleet-narrow.png` })
  }
})
