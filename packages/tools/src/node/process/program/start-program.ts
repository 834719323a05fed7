import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { holdProcess, type ProcessEnd } from '../held-process.ts'
import { createProcessGuard, type ProcessGuard } from './process-guard.ts'

/** Which program to start, and how. */
export interface ProgramOptions {
  /** Its path, or its name on the `PATH` of `env`. No shell is involved. */
  command: string
  args?: readonly string[] | undefined
  cwd?: string | undefined
  /** All of its environment: nothing of this process's comes on top. */
  env?: Readonly<Record<string, string>> | undefined
  /** What it reads from its standard input, which ends then. Default nothing. */
  input?: string | undefined
  /** Files that are made for it alone: removed when it ends, and when this process does. */
  files?: readonly string[] | undefined
  /** How long it may take to end when it was asked to. Default 5,000. */
  killAfterMs?: number | undefined
}

/** A program at work. */
export interface Program {
  /** What it prints. It is read as it is asked for, and ends when the program has. */
  readonly stdout: ReadableStream<Uint8Array>
  readonly stderr: Readable
  /**
   * How it ended: when all that it has started is gone, too.
   *
   * @throws the error of `spawn`, as `ENOENT`, where it could not be started
   */
  readonly ended: Promise<ProcessEnd>
  /** Ends it with all that it has started: asks with SIGTERM first. */
  kill(): void
}

/**
 * Starts a program that ends with everything that it has started: when it ends itself, when it is killed, and when this process
 * ends in whatever way, SIGKILL included (but not on Windows).
 *
 * @example
 * const { stdout, ended } = startProgram({ command: 'claude', args: ['--print'], env: { PATH: process.env.PATH ?? '' }, input: 'Hello' })
 */
export function startProgram(options: ProgramOptions): Program {
  const { command, args = [], cwd, env = {}, input = '', files = [], killAfterMs = 5_000 } = options
  let guard!: ProcessGuard
  const { child, ended, kill } = holdProcess((variables, mark) => {
    // First, or a program could have begun when Node is killed, and nobody stand by it yet.
    guard = createProcessGuard(mark, files)
    const child = spawn(command, args, { cwd, env: { ...env, ...variables }, detached: true })
    return { child, output: child.stdout }
  }, killAfterMs)
  // It may end without having read all.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  if (child.pid !== undefined) guard.watch(child.pid)
  const over = ended.finally(async () => {
    for (const pipe of child.stdio ?? []) pipe?.destroy()
    await guard.release()
  })
  over.catch(() => {})
  return { stdout: toBody(child.stdout, over), stderr: child.stderr, ended: over, kill }
}

/** Paused where nobody reads: what is in the pipe then, the program has to wait with. */
function toBody(out: Readable, ended: Promise<unknown>): ReadableStream<Uint8Array> {
  let isOver = false
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const close = () => {
        if (!isOver) controller.close()
        isOver = true
      }
      out?.on('error', () => {})
      out?.on('data', (chunk: Uint8Array) => {
        if (isOver) return
        controller.enqueue(chunk)
        if ((controller.desiredSize ?? 0) <= 0) out.pause()
      })
      ended.then(close, close)
    },
    pull() {
      out?.resume()
    },
    cancel() {
      isOver = true
      out?.resume()
    },
  })
}
