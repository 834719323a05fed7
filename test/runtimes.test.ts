import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bun, deno, installRuntime, node24, type Runtime } from '../scripts/runtimes.ts'
import { createRuntimeServer, streamText } from './runtime-server.ts'

async function run(program: string, args: string[], url: string): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL('runtime-smoke.mjs', import.meta.url))
  const env = { ...process.env, NODE_OPTIONS: '', DENO_NO_UPDATE_CHECK: '1' }
  const { stdout } = await promisify(execFile)(program, [...args, script, url], { env, timeout: 30_000 })
  return JSON.parse(stdout)
}

describe('core and stream, as they were built,', () => {
  const runtimes: [string, Runtime | undefined][] = [
    ['this Node', undefined],
    ['Node 24', node24],
    ['Bun', bun],
    ['Deno', deno],
  ]

  it.each(runtimes)('stream, tee, relay, abort, retry and fail alike in %s', async (_, runtime) => {
    const program = runtime ? installRuntime(runtime) : process.execPath
    const server = await createRuntimeServer()
    try {
      expect(await run(program, runtime?.args ?? [], server.url)).toEqual({
        plain: 'Grüße',
        final: 'Grüße, 🙂!',
        iterated: 'Grüße, 🙂!',
        teed: ['Grüße, 🙂!', 'Grüße, 🙂!', 'req_1'],
        relayed: streamText,
        left: { code: 'request_aborted', partial: 'Grüße' },
        aborted: { code: 'request_aborted', partial: 'Grüße' },
        refused: { code: 'overloaded' },
        brokenAtFirst: 'Grüße, 🙂!',
        cut: { code: 'stream_interrupted', partial: 'Grüße' },
        open: 0,
      })
    } finally {
      await server.close()
    }
  })
})

it('the stage on Node 24 is on Node 24', async () => {
  const { stdout } = await promisify(execFile)('npx', ['tsx', 'scripts/node-24.ts', '--print', 'process.version'])
  expect(stdout).toMatch(/^v24\./)
})
