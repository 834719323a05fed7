import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { onTestFinished, vi } from 'vitest'

/** An API for the test that calls it: what it answers, request by request. */
export async function mock(...turns: Turn[]): Promise<MockServer> {
  const server = await createMockServer({ script: script(turns) })
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
  vi.stubEnv('ANTHROPIC_API_KEY', 'any')
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  return server
}
