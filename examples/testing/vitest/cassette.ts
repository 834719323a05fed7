import { fileURLToPath } from 'node:url'
import { record, replay } from '@enjamb/testing'
import { onTestFinished, vi } from 'vitest'

/** Answers from a cassette. With `RECORD` set it asks the API, with your key, and writes the cassette anew. */
export async function cassette(name: string) {
  const file = fileURLToPath(new URL(`cassettes/${name}.json`, import.meta.url))
  const { RECORD, ANTHROPIC_BASE_URL: upstream = 'https://api.anthropic.com' } = process.env
  const server = RECORD ? await record({ file, upstream }) : await replay({ file })
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
  if (!RECORD) vi.stubEnv('ANTHROPIC_API_KEY', 'any')
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
}
