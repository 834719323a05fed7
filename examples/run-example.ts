import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createMockServer, type MockServerOptions } from '@enjamb/testing'
import { expect, onTestFinished } from 'vitest'
import { startExample } from './start-example.ts'

/** What an example meets: the API, what is in its folder, and the answer where it asks `y/N`. */
interface Surroundings extends MockServerOptions {
  prepare?: (cwd: string) => void
  /** The runs of the program, each with its arguments. Default one without any. */
  runs?: string[][]
  answer?: string
  /** More of the environment; or what gives it, by the address of the API. */
  env?: Record<string, string> | ((api: string) => Record<string, string> | Promise<Record<string, string>>)
}

/** Runs an example, which must have nothing to complain of, on the sources of the packages and in a folder of its own. */
export async function runExample(file: URL, { prepare, runs = [[]], answer = '', env, ...options }: Surroundings = {}) {
  const server = await createMockServer(options)
  const cwd = mkdtempSync(join(tmpdir(), 'enjamb-example-'))
  onTestFinished(async () => {
    rmSync(cwd, { recursive: true, force: true })
    await server.close()
  })
  prepare?.(cwd)
  const more = typeof env === 'function' ? await env(server.url) : env
  let all = ''
  for (const args of runs) {
    const child = startExample(fileURLToPath(file), server.url, { args, cwd, env: more })
    child.stdout.on('data', (part) => String(part).includes('[y/N]') && child.stdin.end(answer))
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(err).toBe('')
    all += out
  }
  return { out: all, cwd, server }
}
