import { keepAlive } from './keep-alive.ts'
import { createOutputTail, type OutputTail } from './output-tail.ts'

/** Something that runs on while the model does other things: a command, or a sub-agent. */
export interface BackgroundTask {
  /** By which TaskOutput and KillShell name it. */
  readonly id: string
  /** A command has `completed` with whatever exit code, which `outcome` tells. */
  readonly status: 'running' | 'completed' | 'failed' | 'killed'
  /** How it ended, in words. */
  readonly outcome: string | undefined
  /** The end of what it has written. */
  readonly output: OutputTail
  /** Up to which byte the model has seen the output. */
  seen: number
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>
  kill(): void
}

/** What is to run in the background. */
interface BackgroundWork {
  /** Resolves when it is over. A rejection means that it failed. */
  ended: Promise<{ outcome: string; failed?: boolean }>
  /** Ends it, after which `ended` settles. */
  kill(): void
}

/**
 * What runs in the background of one agent. Nothing in it keeps Node alive, and commands do not outlive Node, whichever
 * way it ends but by `SIGKILL` or a crash of Node itself.
 */
export interface BackgroundTasks extends AsyncDisposable {
  /** @throws {Error} for the model: too much is running, or all has been closed */
  start(kind: string, start: (output: OutputTail) => BackgroundWork): BackgroundTask
  /** @throws {Error} for the model: there is none with this id */
  get(id: string): BackgroundTask
  /** Kills all that is running, and lets nothing start any more. Resolves when it is gone. */
  close(): Promise<void>
}

const maxRunning = 20
const maxEnded = 50
const maxOutputBytes = 1_000_000

/**
 * Makes room for background work: at most 20 tasks at a time, and of each the last megabyte of output. The last 50 that
 * have ended can still be read.
 */
export function createBackgroundTasks(): BackgroundTasks {
  const tasks = new Map<string, BackgroundTask>()
  let closed = false
  let count = 0
  const running = () => [...tasks.values()].filter((task) => task.status === 'running')
  const close = async () => {
    closed = true
    const left = running()
    for (const task of left) task.kill()
    await keepAlive(Promise.all(left.map((task) => task.ended)))
  }
  return {
    start(kind, start) {
      if (closed) throw new Error('Nothing can be started any more.')
      const ids = running().map(({ id }) => id)
      if (ids.length >= maxRunning) {
        throw new Error(`${maxRunning} tasks are running in the background: stop one of ${ids.join(', ')}.`)
      }
      const task = createTask(`${kind}_${++count}`, start)
      const over = [...tasks.values()].filter(({ status }) => status !== 'running')
      for (const { id } of over.slice(0, over.length - maxEnded)) tasks.delete(id)
      tasks.set(task.id, task)
      return task
    },
    get(id) {
      const task = tasks.get(id)
      if (task) return task
      throw new Error(
        `There is no task "${id}" in the background; there are: ${[...tasks.keys()].join(', ') || 'none'}.`,
      )
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function createTask(id: string, start: (output: OutputTail) => BackgroundWork): BackgroundTask {
  const output = createOutputTail(maxOutputBytes)
  const work = start(output)
  let killed = false
  let status: BackgroundTask['status'] = 'running'
  let outcome: string | undefined
  const end = (how: { outcome: string; failed?: boolean }) => {
    status = killed ? 'killed' : how.failed ? 'failed' : 'completed'
    outcome = how.outcome
  }
  const ended = work.ended.then(end, (error) => end({ outcome: String(error?.message ?? error), failed: true }))
  return {
    id,
    get status() {
      return status
    },
    get outcome() {
      return outcome
    },
    output,
    seen: 0,
    ended,
    kill() {
      if (status !== 'running') return
      killed = true
      work.kill()
    },
  }
}
