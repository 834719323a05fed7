import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { endGroup, holdGroup, isGroupAlive, releaseGroup } from './process-group.ts'

/** How a process ended. */
export interface ProcessEnd {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** Did it leave processes running, that were stopped then? */
  leftRunning: boolean
}

/** A process at work that leads a group of its own. It does not outlive Node. */
export interface HeldProcess<Child> {
  readonly child: Child
  /** Resolves when all of its processes are gone, and what they wrote has been given. */
  readonly ended: Promise<ProcessEnd>
  /** Stops all of its processes. */
  kill(): void
}

/** What is started: the process, and where it writes to. */
export interface StartedProcess<Child> {
  child: Child
  /** What it prints to; undefined where the system refused to start it. */
  output: Readable | undefined
}

const markName = 'ENJAMB_COMMAND'

// How long the output may stay silent after the end of the process, and how long it may go on in all.
const quietMs = 300
const afterEndMs = 1_000

/**
 * Starts a process as a group, which ends with all that it has started. Where the system refused to, `ended` rejects.
 *
 * @param start has to make it the leader of a group (`detached`), with the variables in its environment; as `NAME=value` they are
 * the mark, by which all that it starts is found
 */
export function holdProcess<Child extends ChildProcess>(
  start: (variables: { [name: string]: string }, mark: string) => StartedProcess<Child>,
  killAfterMs: number,
): HeldProcess<Child> {
  const id = randomUUID()
  const mark = `${markName}=${id}`
  let output: Readable | undefined
  const child = holdGroup(() => {
    const started = start({ [markName]: id }, mark)
    output = started.output
    return started.child
  }, mark)
  const { pid } = child
  if (pid === undefined || !output) {
    return { child, ended: new Promise((_, reject) => child.on('error', reject)), kill() {} }
  }
  let killing: Promise<void> | undefined
  const kill = () => {
    killing ??= endGroup(pid, killAfterMs, mark)
  }
  const end = async (out: Readable): Promise<ProcessEnd> => {
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
    releaseGroup(pid)
    return { exitCode, signal, leftRunning }
  }
  return { child, ended: end(output), kill }
}

/**
 * Until the output is closed; or was silent for a while, since somebody who got away may hold it open. Whoever reads it may
 * take as long as it takes.
 */
function settled(out: Readable, closed: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(quiet)
      clearTimeout(deadline)
      out.off('data', again)
      resolve()
    }
    const doneIfRead = (timer: NodeJS.Timeout) => (out.isPaused() ? timer.refresh() : done())
    const again = () => quiet.refresh()
    const quiet = setTimeout(() => doneIfRead(quiet), quietMs).unref()
    const deadline = setTimeout(() => doneIfRead(deadline), afterEndMs).unref()
    out.on('data', again)
    closed.then(done)
  })
}
