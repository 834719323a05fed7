import { text } from 'node:stream/consumers'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { startExample } from '../../examples/start-example.ts'
import { root } from './repository.ts'

/** What an example prints, run on its sources with a mock of the API that gives these answers. */
export async function runExample(file: string, turns: Turn[]): Promise<string> {
  const server = await createMockServer({ script: script(turns) })
  try {
    const child = startExample(root + file, server.url)
    const [out, wrong] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (wrong) throw new Error(`${file} failed: ${wrong}`)
    return out
  } finally {
    await server.close()
  }
}
