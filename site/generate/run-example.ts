import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { root } from './repository.ts'

/** What an example prints, run on its sources with a mock of the API that gives these answers. */
export async function runExample(file: string, turns: Turn[]): Promise<string> {
  const server = await createMockServer({ script: script(turns) })
  try {
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '-C', '@enjamb/source', root + file],
      {
        env: { PATH, HOME, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url },
      },
    )
    const [out, wrong] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (wrong) throw new Error(`${file} failed: ${wrong}`)
    return out
  } finally {
    await server.close()
  }
}
