import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { test as base, expect } from '@playwright/test'
import { startApp } from './app.ts'

/** `ask` opens the app, with an API of its own behind it, and sends a question. */
const test = base.extend<{ ask(question: string, ...turns: Turn[]): Promise<MockServer> }>({
  async ask({ page }, use) {
    const opened: { close(): unknown }[] = []
    await use(async (question, ...turns) => {
      const claude = await createMockServer({ script: script(turns) })
      const app = await startApp({ apiKey: 'any', baseURL: claude.url })
      opened.push(app, claude)
      await page.goto(app.url)
      await page.getByLabel('Question').fill(question)
      await page.getByRole('button', { name: 'Ask' }).click()
      return claude
    })
    for (const each of opened) await each.close()
  },
})

test('shows the answer', async ({ page, ask }) => {
  const claude = await ask('Why is the sky blue?', 'Because of the air.')
  await expect(page.locator('#answer')).toHaveText('Because of the air.')
  expect(claude.requests).toMatchObject([{ body: { stream: true, messages: [{ content: 'Why is the sky blue?' }] } }])
})

test('shows what is there while the rest is still being written', async ({ page, ask }) => {
  await ask('Why is the sky blue?', { text: 'Because of the air, and because of the light.', stallAfterEvents: -4 })
  await expect(page.locator('#answer')).toHaveText(/^Because/)
  await expect(page.locator('#answer')).not.toHaveText(/light\.$/)
})

test('says that an answer broke off', async ({ page, ask }) => {
  await ask('Why is the sky blue?', { text: 'Because of the air, and because of the light.', cutAfterEvents: -3 })
  await expect(page.getByRole('alert')).toHaveText('The answer broke off. Ask again?')
})

test('waits while Claude is overloaded', async ({ page, ask }) => {
  const overloaded = { error: { status: 529, headers: { 'retry-after-ms': '1' } } }
  const claude = await ask('Why is the sky blue?', { times: 2, reply: overloaded }, 'Because of the air.')
  await expect(page.locator('#answer')).toHaveText('Because of the air.')
  expect(claude.requests).toHaveLength(3)
})
