import { ConfigError } from '@enjamb/core'
import type { Roots } from '../files/roots.ts'
import { toShellEnv } from './shell-env.ts'
import { findShell } from './shell-process.ts'

/** Options of the Bash tool. */
export interface BashOptions {
  /**
   * The shell, one that takes `-c` as sh does. Default: bash where there is one outside of the folders, else `/bin/sh`.
   */
  shell?: string | undefined
  /**
   * Variables for the commands, beside the few that they get by default: `PATH`, `HOME`, `USER`, `LOGNAME`, `SHELL`,
   * `LANG`, `LANGUAGE`, those of POSIX and glibc that begin with `LC_`, `TZ`, `TMPDIR`, `TMP`, `TEMP`, `XDG_*_HOME`, and `TERM=dumb` and `GIT_EDITOR=true`.
   * `undefined` takes one of these away. No other variable of this process reaches a command, so name here what one needs. (`ENJAMB_COMMAND` is
   * ours, to find what it starts.) But a command that goes looking can read them where the system shows them to each
   * process of the same user, as Linux does in `/proc/<pid>/environ`: only a sandbox or another user keeps it from that.
   */
  env?: { readonly [name: string]: string | undefined } | undefined
  /** How long a command may run unless the model says otherwise. Default 120,000. */
  timeoutMs?: number | undefined
  /** The longest time that the model can ask for; where it asks for more, it gets this. Default 600,000. */
  maxTimeoutMs?: number | undefined
  /**
   * How much output of a command the model sees: of more than that its beginning and its end, and the name of a temporary
   * file that has all of it, up to 100 MB. Default 30,000.
   */
  maxOutputBytes?: number | undefined
  /** How long processes have between `SIGTERM` and `SIGKILL`. Default 2,000. */
  killAfterMs?: number | undefined
  /** Runs every command in a sandbox. Default none. */
  sandbox?: CommandSandbox | undefined
}

/**
 * Puts a command into a sandbox: `SandboxManager` of `@anthropic-ai/sandbox-runtime`, once it is initialised, is one.
 *
 * @see https://github.com/anthropic-experimental/sandbox-runtime
 * @example
 * const filesystem = { denyRead: [], allowWrite: ['.'], denyWrite: [] }
 * await SandboxManager.initialize({ network: { allowedDomains: [], deniedDomains: [] }, filesystem })
 * const tools = codingTools({ cwd, bash: { sandbox: SandboxManager } })
 */
export interface CommandSandbox {
  /**
   * Returns a command that runs the given one, which is for the given shell, inside. What it throws, the model is told.
   */
  wrapWithSandbox(command: string, shell?: string, config?: undefined, signal?: AbortSignal): string | Promise<string>
  /** Comes after each command. */
  cleanupAfterCommand?(): void
}

export interface BashSettings {
  shell: string
  env: { [name: string]: string }
  timeoutMs: number
  maxTimeoutMs: number
  maxOutputBytes: number
  killAfterMs: number
  sandbox: CommandSandbox | undefined
}

/** @throws {ConfigError} a limit is not a number that makes sense */
export function toBashSettings(options: BashOptions, roots: Roots): BashSettings {
  const { shell = findShell(roots.folders), env = {}, timeoutMs = 120_000, maxTimeoutMs = 600_000 } = options
  const { maxOutputBytes = 30_000, killAfterMs = 2_000, sandbox } = options
  const limits = { timeoutMs, maxTimeoutMs, maxOutputBytes, killAfterMs }
  for (const [name, value] of Object.entries(limits)) {
    // Beyond 31 bits a timer fires at once.
    if (!(value >= 1 && value < 2 ** 31))
      throw new ConfigError(`${name} must be from 1 to 2147483647; ${value} is not.`)
  }
  return { shell, env: toShellEnv(env), ...limits, sandbox }
}
