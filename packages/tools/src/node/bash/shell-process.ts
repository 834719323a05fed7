import type { Buffer } from 'node:buffer'
import { type StdioOptions, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { findProgram } from '../process/find-program.ts'
import type { OutputTail } from '../process/output-tail.ts'
import { endGroup, holdGroup, isGroupAlive, releaseGroup } from '../process/process-group.ts'
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
export interface ShellEnd {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** The folder that it ended in, if it told. */
  folder: string | undefined
  /** Did it leave processes running, that were stopped then? */
  leftRunning: boolean
}

/** A shell at work, in a process group of its own. It does not keep Node alive, nor does it outlive it. */
export interface ShellProcess {
  /** Resolves when all of its processes are gone. */
  readonly ended: Promise<ShellEnd>
  /** Stops all of its processes. */
  kill(): void
}

// How long the output may stay silent after the end of the shell, and how long it may go on in all.
const quietMs = 300
const afterEndMs = 1_000
const maxPathBytes = 16_384

// In the environment of everything that a command starts, by which its daemons are found.
const markName = 'ENJAMB_COMMAND'

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
  const { child, mark, streams } = spawnShell(run)
  const { pid } = child
  if (pid === undefined) {
    // Where there are too many open files, some of them are missing.
    for (const stream of streams) stream?.destroy()
    return { ended: new Promise((_, reject) => child.on('error', reject)), kill() {} }
  }
  const [out, err, report] = streams as [Readable, Readable, Readable]
  let folder = ''
  out.on('data', output.push)
  err.on('data', output.push)
  report.on('data', (chunk: Buffer) => {
    if (folder.length < maxPathBytes) folder += chunk.toString()
  })
  const all = [out, err, report]
  for (const stream of all) stream.on('error', () => {})
  for (const handle of [child, ...all]) (handle as { unref?(): void }).unref?.()

  let killing: Promise<void> | undefined
  const kill = () => {
    killing ??= endGroup(pid, killAfterMs, mark)
  }
  const end = async (): Promise<ShellEnd> => {
    const closed = Promise.all(
      [child, out].map((one) => new Promise<void>((resolve) => one.on('close', () => resolve()))),
    )
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('exit', (...how) => resolve(how)),
    )
    await settled(out, closed)
    const leftRunning = !killing && isGroupAlive(pid)
    // Without the mark: a daemon is meant to stay when the command that starts it has ended well.
    if (leftRunning) killing = endGroup(pid, killAfterMs)
    if (killing) {
      await killing
      await settled(out, closed)
    }
    for (const stream of all) stream.destroy()
    releaseGroup(pid)
    return { exitCode, signal, folder: folder.replace(/\n$/, '') || undefined, leftRunning }
  }
  return { ended: end(), kill }
}

function spawnShell({ shell, script, cwd, env }: Pick<ShellRun, 'shell' | 'script' | 'cwd' | 'env'>) {
  const id = randomUUID()
  const mark = `${markName}=${id}`
  const pipe = createShellPipe()
  const start = () => {
    try {
      const stdio: StdioOptions = ['ignore', pipe?.input ?? 'pipe', 'pipe', 'pipe']
      return spawn(shell, ['-c', script], { cwd, env: { ...env, [markName]: id }, detached: true, stdio })
    } finally {
      if (pipe) closeSync(pipe.input)
    }
  }
  const child = holdGroup(start, mark)
  const [, out, err, report] = (child.stdio ?? []) as (Readable | undefined)[]
  return { child, mark, streams: [pipe?.output ?? out, err, report] }
}

/** Until the output is closed; or was silent for a while, since somebody who got away may hold it open. */
function settled(out: Readable, closed: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(quiet)
      clearTimeout(deadline)
      out.off('data', again)
      resolve()
    }
    const again = () => quiet.refresh()
    const quiet = setTimeout(done, quietMs).unref()
    const deadline = setTimeout(done, afterEndMs).unref()
    out.on('data', again)
    closed.then(done)
  })
}
