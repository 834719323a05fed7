import { createMockServer, script } from '@enjamb/testing'
import { afterAll, expect, it, vi } from 'vitest'
import { summarize } from './summarize.ts'

const server = await createMockServer({ script: script(['It rained. Then it stopped.']) })
vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
vi.stubEnv('ANTHROPIC_API_KEY', 'any')
afterAll(() => server.close())

it('summarizes', async () => {
  expect(await summarize('A long story about rain.')).toBe('It rained. Then it stopped.')
})
