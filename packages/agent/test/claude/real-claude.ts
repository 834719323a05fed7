import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { onTestFinished } from 'vitest'
import { type CliBackendOptions, cliBackend } from '../../src/cli/index.ts'
import { type AgentOptions, createAgent, memoryStore } from '../../src/index.ts'

const { PROGRAM, PROGRAM_MISSING } = process.env
const platform = `${process.platform}-${process.arch}`
const installed = PROGRAM && join(PROGRAM, '@anthropic-ai', `claude-code-${platform}`, 'claude')

/** The program of this platform, where it is installed. */
export const claude: string | undefined = installed && existsSync(installed) ? installed : undefined

/** Why it is not. */
export const missing: string =
  PROGRAM_MISSING ?? (PROGRAM ? `it has no package for ${platform}` : 'run npm run test:claude, which installs it')

/** The real program with a server of ours as the API, and a home of its own; nothing of it tells anybody anything. */
export async function setUpRealClaude(turns: Turn[], options: CliBackendOptions = {}, more: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'enjamb-real-claude-')))
  for (const name of ['home', 'tmp', 'work']) mkdirSync(join(folder, name))
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const store = more.store ?? memoryStore()
  const agent = createAgent({
    apiKey: 'sk-ant-api03-of-nobody',
    baseURL: server.url,
    cwd: join(folder, 'work'),
    store,
    ...more,
    backend: cliBackend({
      command: claude,
      retryDelayMs: 1,
      killAfterMs: 1_000,
      timeoutMs: 60_000,
      ...options,
      env: {
        HOME: join(folder, 'home'),
        TMPDIR: join(folder, 'tmp'),
        CLAUDE_CONFIG_DIR: undefined,
        DISABLE_TELEMETRY: '1',
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        ...options.env,
      },
    }),
  })
  return { agent, server, store, folder }
}
