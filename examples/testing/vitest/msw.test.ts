import { mockHandlers, script } from '@enjamb/testing'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it, vi } from 'vitest'
import { summarize } from './summarize.ts'

it('stands beside handlers of your own', async () => {
  vi.stubEnv('ANTHROPIC_BASE_URL', 'https://api.anthropic.com')
  vi.stubEnv('ANTHROPIC_API_KEY', 'any')
  const claude = mockHandlers({ script: script(['A summary of the news.']) })
  const news = http.get('https://news.example/today', () => HttpResponse.text('Much has happened.'))
  const network = setupServer(news, ...claude)
  network.listen({ onUnhandledRequest: 'error' })
  try {
    const text = await (await fetch('https://news.example/today')).text()
    expect(await summarize(text)).toBe('A summary of the news.')
    expect(claude.requests).toMatchObject([{ body: { messages: [{ content: 'Much has happened.' }] } }])
  } finally {
    network.close()
    vi.unstubAllEnvs()
  }
})
