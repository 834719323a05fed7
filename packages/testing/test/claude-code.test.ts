import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMockServer, type MockServer, script } from '../src/index.ts'

/** The program is too large to depend on: set this to the path of one to run these. */
const program = process.env.ENJAMB_CLAUDE_PROGRAM

let folder: string
let server: MockServer | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-claude-'))
})
afterEach(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(prompt: string) {
  const args = ['-p', '--output-format', 'json', '--model', 'claude-opus-5-5', prompt]
  const running = promisify(execFile)(program ?? '', args, {
    cwd: folder,
    // A home of its own: nothing of the user's is read or written.
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      ANTHROPIC_API_KEY: 'any',
      ANTHROPIC_BASE_URL: server?.url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '0',
      DISABLE_TELEMETRY: '1',
    },
  })
  running.child.stdin?.end()
  const { stdout } = await running.catch((error: { stdout: string }) => error)
  return JSON.parse(stdout) as {
    result: string
    is_error: boolean
    total_cost_usd: number
    api_error_status: number | null
  }
}

describe.skipIf(program === undefined)('the Claude Code program', () => {
  it('reads a file in two turns, and reckons the same cost as the ledger', async () => {
    const file = join(folder, 'notes.txt')
    await writeFile(file, 'the word is plum')
    server = await createMockServer({
      script: script([
        { when: { tool: 'Read' }, reply: ({ toolResults }) => `It says: ${toolResults[0]?.text}` },
        { text: 'Let me read.', toolCalls: [{ name: 'Read', input: { file_path: file } }] },
      ]),
    })
    const { result, is_error, total_cost_usd } = await ask('Read notes.txt')
    expect(result).toContain('the word is plum')
    expect(is_error).toBe(false)
    expect(server.ledger.answers).toBe(2)
    expect(total_cost_usd).toBeCloseTo(server.ledger.cost.usd, 9)
  }, 60_000)

  it("sees an error as it would see the API's", async () => {
    server = await createMockServer({ script: script([{ times: Infinity, reply: { error: 400 } }]) })
    expect(await ask('Hello')).toMatchObject({ is_error: true, api_error_status: 400 })
  }, 60_000)
})
