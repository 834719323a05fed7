import type { Buffer } from 'node:buffer'
import { type StdioOptions, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { findProgram } from '../process/find-program.ts'
import { holdProcess, type ProcessEnd } from '../process/held-process.ts'
import type { OutputTail } from '../process/output-tail.ts'
import { createShellPipe } from './shell-pipe.ts'

export interface ShellRun {
  /** The path of the shell. */
  shell: string
  /** What the shell is to run: see {@link toScript}. */
  script: string
  cwd: string
  env: { [name: string]: string }
  output: Pick<OutputTail, 'push'>
  killAfterMs: number
}

/** How a shell ended. */
export interface ShellEnd extends ProcessEnd {
  /** The folder that it ended in, if it told. */
  folder: string | undefined
}

/** A shell at work, in a process group of its own. It does not keep Node alive, nor does it outlive it. */
export interface ShellProcess {
  /** Resolves when all of its processes are gone. */
  readonly ended: Promise<ShellEnd>
  /** Stops all of its processes. */
  kill(): void
}

const maxPathBytes = 16_384

/**
 * A script that runs a command as `eval` does, errors in the stream of the output, and reports the folder it ends in on
 * file descriptor 3: at the end, or where the command exits before that, in a trap that it may replace with its own. The
 * command cannot see the descriptor, so that it may have one of this number itself. It begins on the first line, which
 * is what errors in it name.
 */
export function toScript(command: string): string {
  const report = 'pwd -P >&3'
  const before = `trap '{ ${report}; } 2>/dev/null' EXIT; exec 2>&1; `
  return `${before}eval ${quote(command)} 3>&-; { set -- $?; ${report} || :; exec 3>&-; (exit $1); } 2>/dev/null`
}

/** As one word of a shell's. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Bash, where there is one outside of the folders, or else sh. */
export function findShell(roots: readonly string[], path?: string): string {
  return findProgram('bash', roots, path) ?? '/bin/sh'
}

/** @throws {Error} the system refused to start it */
export function startShell({ output, killAfterMs, ...run }: ShellRun): ShellProcess {
  let streams: (Readable | undefined)[] = []
  const start = (variables: { [name: string]: string }) => {
    const started = spawnShell(run, variables)
    streams = started.streams
    return { child: started.child, output: streams[0] }
  }
  const { child, ended, kill } = holdProcess(start, killAfterMs)
  if (child.pid === undefined) {
    // Where there are too many open files, some of them are missing.
    for (const stream of streams) stream?.destroy()
    return { ended: ended as Promise<never>, kill }
  }
  const all = streams as [Readable, Readable, Readable]
  const [out, err, report] = all
  let folder = ''
  out.on('data', output.push)
  err.on('data', output.push)
  report.on('data', (chunk: Buffer) => {
    if (folder.length < maxPathBytes) folder += chunk.toString()
  })
  for (const stream of all) stream.on('error', () => {})
  for (const handle of [child, ...all]) (handle as { unref?(): void }).unref?.()

  const end = async (): Promise<ShellEnd> => {
    const how = await ended
    for (const stream of all) stream.destroy()
    return { ...how, folder: folder.replace(/\n$/, '') || undefined }
  }
  return { ended: end(), kill }
}

function spawnShell(
  { shell, script, cwd, env }: Pick<ShellRun, 'shell' | 'script' | 'cwd' | 'env'>,
  variables: { [name: string]: string },
) {
  const pipe = createShellPipe()
  try {
    const stdio: StdioOptions = ['ignore', pipe?.input ?? 'pipe', 'pipe', 'pipe']
    const child = spawn(shell, ['-c', script], { cwd, env: { ...env, ...variables }, detached: true, stdio })
    const [, out, err, report] = (child.stdio ?? []) as (Readable | undefined)[]
    return { child, streams: [pipe?.output ?? out, err, report] }
  } finally {
    if (pipe) closeSync(pipe.input)
  }
}
