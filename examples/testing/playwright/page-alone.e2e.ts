import { createAPIHandler, script } from '@enjamb/testing'
import { expect, test } from '@playwright/test'

test('answers a page that calls the API itself', async ({ page }) => {
  const api = createAPIHandler({ script: script(['Hello, page.']) })
  await page.route('https://api.anthropic.com/**', async (route) => {
    const asked = route.request()
    const init = { method: asked.method(), headers: await asked.allHeaders(), body: asked.postData() }
    const response = await api(new Request(asked.url(), init))
    const headers = Object.fromEntries(response.headers)
    await route.fulfill({ status: response.status, headers, body: await response.text() })
  })
  await page.goto('about:blank')
  const answer = await page.evaluate(async () => {
    const response = await fetch('https://api.anthropic.com/v1/messages', {
      method: 'POST',
      headers: {
        'x-api-key': 'the key of whoever uses the page',
        'anthropic-version': '2026-10-21',
        'anthropic-dangerous-direct-browser-access': 'true',
      },
      body: JSON.stringify({
        model: 'claude-haiku-5-5',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    })
    const { content } = await response.json()
    return content.find(({ type }: { type: string }) => type === 'text').text
  })
  expect(answer).toBe('Hello, page.')
})
