import type { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '@enjamb/core'
import type { Roots } from '../files/roots.ts'
import { findPeer } from '../find-peer.ts'
import { findProgram } from '../process/find-program.ts'
import { splitOutput } from './split-output.ts'

/** A run of ripgrep. */
export interface RipgrepRun {
  /** The path of the program. */
  program: string
  args: readonly string[]
  cwd: string
  /** Kills it. */
  signal: AbortSignal
}

/** How its output is read piece by piece. */
export interface PieceReader {
  /** The byte that ends each piece of its output. */
  delimiter: '\n' | '\0'
  /** Gets each piece, `undefined` for one of more than 4 MiB, and says whether to go on. */
  take(piece: Buffer | undefined): boolean | Promise<boolean>
}

const maxPieceBytes = 4 * 1024 * 1024
const maxErrorChars = 2_000

const maxMemoryKiB = 1024 * 1024
/**
 * Starts a program with no more memory than that: a long line full of matches, or a large file searched over several lines,
 * would take all there is. Other systems cannot or do not limit it.
 */
const limit = `ulimit -v ${maxMemoryKiB} 2>/dev/null; exec "$0" "$@"`

/** What is the same for each run: no settings from elsewhere, no links followed, and no files of rules, not read by us. */
const everyRun = ['--no-config', '--color=never', '--hidden', '--no-follow', '--no-messages', '--no-ignore']

/**
 * Runs ripgrep without the environment of this process, and resolves when it is gone: when it has ended, when `take` has
 * had enough, or when the signal aborts.
 *
 * @throws {Error} for the model: it cannot be started, refuses the pattern or another argument, or fails
 */
export function runRipgrep(run: RipgrepRun, { delimiter, take }: PieceReader): Promise<void> {
  return readRipgrep(run, async (output) => {
    for await (const piece of splitOutput(output, delimiter.charCodeAt(0), maxPieceBytes)) {
      if (run.signal.aborted || !(await take(piece))) return true
    }
    return false
  })
}

/**
 * The same for whoever reads the output as it comes.
 *
 * @param read says whether it had enough, in which case it does not matter how the program ended
 */
export async function readRipgrep(
  { program, args, cwd, signal }: RipgrepRun,
  read: (output: AsyncIterable<Buffer>) => Promise<boolean>,
): Promise<void> {
  signal.throwIfAborted()
  // Windows cannot start a program without this one.
  const { SystemRoot } = process.env
  const isLimited = process.platform === 'linux' && existsSync('/bin/sh') && existsSync(program)
  const command = [program, ...everyRun, ...args]
  const [file, ...given] = isLimited ? ['/bin/sh', '-c', limit, ...command] : command
  const child = spawn(file!, given, {
    cwd,
    env: SystemRoot ? { SystemRoot } : {},
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<{ code?: number | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('close', (code) => resolve({ code }))
  })
  // Where there are too many open files, there are no streams either.
  if (child.pid === undefined) throw cannotStart((await ended).error)
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < maxErrorChars) errors += text
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  let enough = false
  try {
    enough = await read(child.stdout)
  } finally {
    if (!child.stdout.readableEnded) kill()
    await ended
    signal.removeEventListener('abort', kill)
  }
  signal.throwIfAborted()
  const { code, error } = await ended
  if (error) throw cannotStart(error)
  if (!enough) refuseFailure(code, errors.slice(0, maxErrorChars))
}

function cannotStart(error?: Error): Error {
  return new Error(`The search program cannot be started: ${error?.message}`)
}

/** It ends with 0 where it found something, with 1 where it did not, and with 2 after an error. */
function refuseFailure(code: number | null | undefined, errors: string): void {
  if (code === 0 || code === 1) return
  // What it offers there, it is not offered here.
  const reason = errors.replace(/\n\nConsider enabling PCRE2.*/s, '').trim()
  if (code !== 2) {
    const hint = 'search less, with path, glob or type, and leave out large files and long lines'
    throw new Error(`The search program failed (${reason || `code ${code}`}): ${hint}.`)
  }
  // Without a message it could only not open some of the files.
  if (reason) throw new Error(reason)
}

/**
 * Gives the path of ripgrep: the given one, that of the package `@vscode/ripgrep`, or one on `PATH` that lies outside of the
 * folders.
 *
 * @throws {ConfigError} there is none
 */
export function ripgrepFinder(roots: Roots, given?: string): () => Promise<string> {
  if (given !== undefined) return async () => given
  let entry: string
  try {
    entry = findPeer('@vscode/ripgrep', 'Glob and Grep')
  } catch (error) {
    const found = findProgram('rg', roots.folders)
    if (found) return async () => found
    throw new ConfigError(`${(error as Error).message}, or name a ripgrep with grep.program`, { cause: error })
  }
  return async () => {
    try {
      const { rgPath } = (await import(pathToFileURL(entry).href)) as { rgPath: string }
      return rgPath
    } catch (cause) {
      throw new Error('@vscode/ripgrep has no ripgrep for this system: install it anew.', { cause })
    }
  }
}
