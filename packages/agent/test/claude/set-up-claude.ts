import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type CliBackendOptions, cliBackend } from '../../src/cli/index.ts'
import { type AgentOptions, createAgent, memoryStore } from '../../src/index.ts'

/** What the stand-in does in one run. */
export interface Step {
  /** Recorded lines, by the name of their file, and how many of them. */
  lines?: string
  upTo?: number
  write?: string
  /** A line of so many characters. */
  huge?: number
  chunkBytes?: number
  stderr?: string
  /** Writes to both streams, piece by piece. */
  mixed?: boolean
  exit?: number
  hangs?: boolean
  deaf?: boolean
  /** Starts a process that leaves its group; `pipes` gives it the streams, too. */
  child?: true | 'pipes'
  /** Writes no transcript. */
  forgets?: boolean
}

/** How the stand-in was run. */
export interface Call {
  args: string[]
  input: string
  cwd: string
  env: Record<string, string>
  mcp?: { path: string; mode: string; text: string }
  /** The transcript that it found. */
  before?: string
  pid: number
}

const standIn: string = fileURLToPath(new URL('stand-in.mjs', import.meta.url))

/**
 * An agent whose program is the stand-in, with a home of its own.
 *
 * @param whenOver of a test that runs beside others, its own: which one is under way, nobody else knows
 */
export function setUpClaude(
  steps: Step[],
  options: CliBackendOptions = {},
  more: AgentOptions = {},
  whenOver: typeof onTestFinished = onTestFinished,
) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'enjamb-claude-')))
  whenOver(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(steps))
  const warnings: string[] = []
  const store = more.store ?? memoryStore()
  const settings: CliBackendOptions = {
    command: standIn,
    cwd: folder,
    retryDelayMs: 1,
    killAfterMs: 200,
    ...options,
    env: { STAND_IN: folder, CLAUDE_CONFIG_DIR: join(folder, 'config'), ...options.env },
  }
  const agent = createAgent({
    apiKey: 'sk-ant-api03-of-the-agent',
    logger: { warn: (line) => warnings.push(line) },
    store,
    ...more,
    backend: cliBackend(settings),
  })
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
  const calls = (): Call[] =>
    read('calls.jsonl')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { agent, store, folder, warnings, settings, read, calls }
}

/** The value behind an argument; several, up to the next. */
export function argument({ args }: Call, name: string): string | string[] | undefined {
  const at = args.indexOf(name)
  if (at < 0) return undefined
  const rest = args.slice(at + 1)
  const end = rest.findIndex((one) => one.startsWith('--'))
  const values = rest.slice(0, end < 0 ? undefined : end)
  return values.length > 1 ? values : (values[0] ?? '')
}
