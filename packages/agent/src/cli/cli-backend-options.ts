import { ConfigError, checkOptions } from '@enjamb/core'

/** An MCP server, as `mcpTools` of `@enjamb/tools/mcp` takes it, as far as the program has words for it. */
export type CliMcpServer =
  | { command: string; args?: readonly string[] | undefined; env?: Readonly<Record<string, string>> | undefined }
  | { url: string | URL; headers?: Readonly<Record<string, string>> | undefined }

/** How the Claude Code program is run. */
export interface CliBackendOptions {
  /** Its path, or its name on the `PATH`. Default `claude`. */
  command?: string | undefined
  /** Further arguments, behind all others: what the program takes twice, it takes from here. */
  args?: readonly string[] | undefined
  /** Where it works, unless the agent or its session says. Default: the folder of this process. */
  cwd?: string | undefined
  /**
   * Comes on top of what it inherits, which is what says how and where to work, and its own settings and credentials
   * (`ANTHROPIC_…`, `CLAUDE_…`, but for `CLAUDECODE`). Nothing else of this process's environment reaches it; `undefined` takes a
   * variable away.
   */
  env?: Readonly<Record<string, string | undefined>> | undefined
  /** The system prompt, in place of the program's own, unless the agent has one. */
  system?: string | undefined
  /**
   * MCP servers, by their names; the program starts them itself, and no others. Their tools may be
   * called, unless the agent has a `permission`. The program reads them from a file that only its user may read, which is removed when it ends.
   */
  mcp?: Readonly<Record<string, CliMcpServer>> | undefined
  /** How long one run of the program may take, from its start to its end, however much it streams. Default 600,000; 0 is for ever. */
  timeoutMs?: number | undefined
  /** How often it is run again after a failure that may pass. Default 3. */
  retries?: number | undefined
  /** The first pause after a failure of the API, doubled each time, up to 60,000. Default 5,000. */
  retryDelayMs?: number | undefined
  /** Where logs of sessions are written, as of an agent's `logDir`, which wins over it. Default: nowhere. */
  logDir?: string | undefined
  /** The beginning of their names. Default `session`. */
  logName?: string | undefined
  /** Thoughts, calls, results and what each prompt came to, too. Default `false`. */
  logAll?: boolean | undefined
  /** How long it may take to end when it was asked to; then it is killed. Default 5,000. */
  killAfterMs?: number | undefined
}

/** Options with all defaults. */
export type CliSettings = CliBackendOptions & typeof cliDefaults

export const cliDefaults = {
  command: 'claude',
  timeoutMs: 600_000,
  retries: 3,
  retryDelayMs: 5_000,
  killAfterMs: 5_000,
}

/** @throws {ConfigError} an option is not usable, or there is none of that name */
export function toCliSettings(options: CliBackendOptions): CliSettings {
  checkOptions('cliBackend', options, names)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: CliSettings = { ...cliDefaults, ...given }
  const { command, args = [], timeoutMs, retries, retryDelayMs, killAfterMs } = settings
  if (typeof command !== 'string' || !command)
    throw new ConfigError('command must be the path or the name of a program.')
  if (!Array.isArray(args) || args.some((arg) => typeof arg !== 'string'))
    throw new ConfigError('args must be a list of texts.')
  for (const [name, value] of Object.entries({ timeoutMs, retries, retryDelayMs, killAfterMs })) {
    if (!(typeof value === 'number' && value >= 0)) throw new ConfigError(`${name} must be 0 or more.`)
  }
  return settings
}

const names = [
  'command',
  'args',
  'cwd',
  'env',
  'system',
  'mcp',
  'timeoutMs',
  'retries',
  'retryDelayMs',
  'logDir',
  'logName',
  'logAll',
  'killAfterMs',
] satisfies readonly (keyof CliBackendOptions)[]
