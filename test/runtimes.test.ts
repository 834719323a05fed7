import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bun, deno, installRuntime, node24, type Runtime } from '../scripts/runtimes.ts'
import { createRuntimeServer, streamText } from './runtime-server.ts'

/** What a script prints in a runtime, by default this Node. */
async function run(runtime: Runtime | undefined, script: URL, ...args: string[]): Promise<Record<string, unknown>> {
  const program = runtime ? installRuntime(runtime) : process.execPath
  const env = { ...process.env, NODE_OPTIONS: '', DENO_NO_UPDATE_CHECK: '1' }
  const options = [...(runtime?.args ?? []), fileURLToPath(script), ...args]
  const { stdout } = await promisify(execFile)(program, options, { env, timeout: 30_000 })
  return JSON.parse(stdout)
}

const runtimes: [string, Runtime | undefined][] = [
  ['this Node', undefined],
  ['Node 24', node24],
  ['Bun', bun],
  ['Deno', deno],
]

describe('core and stream, as they were built,', () => {
  it.each(runtimes)('stream, tee, relay, abort, retry and fail alike in %s', async (_, runtime) => {
    const server = await createRuntimeServer()
    try {
      expect(await run(runtime, new URL('runtime-smoke.mjs', import.meta.url), server.url)).toEqual({
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

it.each(runtimes)(
  'the tools of an MCP server that is a process, as they were built, work in %s',
  async (_, runtime) => {
    const server = fileURLToPath(new URL('../packages/tools/test/odd-mcp-server.mjs', import.meta.url))
    expect(await run(runtime, new URL('runtime-mcp.mjs', import.meta.url), process.execPath, server)).toEqual({
      content: [{ type: 'text', text: 'done' }],
      state: 'closed',
    })
  },
)

it.each(runtimes)('sessions behind a handler, as they were built, are asked and followed in %s', async (_, runtime) => {
  const server = await createRuntimeServer()
  try {
    expect(await run(runtime, new URL('runtime-sessions.mjs', import.meta.url), server.url)).toEqual({
      id: 'p',
      by: 'me',
      facts: ['prompt', 'reply', 'turn_end'],
      reply: 'Grüße, 🙂!',
      status: 'idle',
      stranger: { status: 403, reason: 'forbidden' },
    })
  } finally {
    await server.close()
  }
})

it('the stage on Node 24 is on Node 24', async () => {
  const { stdout } = await promisify(execFile)('npx', ['tsx', 'scripts/node-24.ts', '--print', 'process.version'])
  expect(stdout).toMatch(/^v24\./)
})
