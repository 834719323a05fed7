import { canSeeProcesses, findFamily, isAlive } from './process-family.ts'

// While something runs, so that it does not outlive this process. A terminal's Ctrl-C and Ctrl-\ do not reach a group
// of its own.
const signals = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGSYS',
] as const
/** The ids of groups, and the marks of what runs in them. */
const running = new Map<number, string>()

// Looking is not free where many processes run, so it is done at ever longer intervals, from the first to the last.
const pollMs = [10, 160] as const
const patienceMs = 1_000
// The last of them may still be there, dying, at each.
const maxLooks = 20

/**
 * Starts something as a process group, to be killed when this process ends; `releaseGroup` when nothing of it is left.
 * Signals are listened to before it starts: one that came in between would end this process, and leave the other.
 *
 * @param mark stands in the environment of what is started
 */
export function holdGroup<Started extends { pid?: number | undefined }>(start: () => Started, mark: string): Started {
  if (!running.size) listen('on')
  try {
    const started = start()
    if (started.pid !== undefined) running.set(started.pid, mark)
    return started
  } finally {
    if (!running.size) listen('off')
  }
}

export function releaseGroup(id: number): void {
  if (running.delete(id) && !running.size) listen('off')
}

function listen(how: 'on' | 'off'): void {
  process[how]('exit', killAll)
  for (const signal of signals) process[how](signal, onSignal)
}

/** Is any process of the group there? */
export function isGroupAlive(id: number): boolean {
  // Cheap, but it counts the dead as long as nobody has collected them.
  return send(id, 0) && (!canSeeProcesses || findFamily(id).group.size > 0)
}

/**
 * Ends all processes of a group, and those that left it and still descend from its leader or have the mark: asks them
 * with SIGTERM, and kills what is left `killAfterMs` later; so too those that are born meanwhile. It resolves when they are
 * gone, and does not keep Node alive.
 */
export async function endGroup(id: number, killAfterMs: number, mark?: string): Promise<void> {
  // Before their parents end, by which those without the mark are found.
  const { strays } = findFamily(id, mark)
  let quiet = 0
  const isGone = (signal: NodeJS.Signals) => () => {
    let isQuiet = true
    for (const [stray, start] of findFamily(id, mark).strays) {
      if (strays.get(stray) === start && signal === 'SIGTERM') continue
      strays.set(stray, start)
      sendTo(stray, signal)
      isQuiet = false
    }
    if (signal === 'SIGKILL') send(id, signal)
    isQuiet &&= ![...strays].some(([stray, start]) => isAlive(stray, start)) && !isGroupAlive(id)
    quiet = isQuiet ? quiet + 1 : 0
    // One look takes a while, in which a process that it has passed already may have started another.
    return quiet >= (mark ? 2 : 1)
  }
  send(id, 'SIGTERM')
  for (const [stray, start] of strays) if (isAlive(stray, start)) sendTo(stray, 'SIGTERM')
  if (await holds(isGone('SIGTERM'), killAfterMs)) return
  for (const [stray, start] of strays) if (isAlive(stray, start)) sendTo(stray, 'SIGKILL')
  // Nobody survives that, but a process may have to leave a system call first.
  await holds(isGone('SIGKILL'), patienceMs)
}

async function holds(condition: () => boolean, withinMs: number): Promise<boolean> {
  const start = performance.now()
  for (let waitMs: number = pollMs[0]; !condition(); waitMs = Math.min(2 * waitMs, pollMs[1])) {
    const leftMs = withinMs - (performance.now() - start)
    if (leftMs <= 0) return false
    await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, leftMs)).unref())
  }
  return true
}

function killAll(): void {
  for (const [id, mark] of running) {
    for (let look = 0; look < maxLooks; look++) {
      const { group, strays } = findFamily(id, mark)
      send(id, 'SIGKILL')
      for (const stray of strays.keys()) sendTo(stray, 'SIGKILL')
      // Until none was born while looking.
      if (!group.size && !strays.size) break
    }
  }
}

/** As the signal would end this process if nobody listened. Where others listen too, what happens is up to them. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) - waiting() > 1) return
  killAll()
  process.off(signal, onSignal)
  process.kill(process.pid, signal)
}

/**
 * How many listeners the package `signal-exit` has on a signal, which half of all command-line tools load: they, too, do
 * nothing as long as others listen, so that everybody would wait for everybody.
 */
function waiting(): number {
  const count = (emitter: unknown) => Number((emitter as { count?: number } | undefined)?.count ?? 0)
  const { __signal_exit_emitter__: older } = process as { __signal_exit_emitter__?: unknown }
  return count(Reflect.get(globalThis, Symbol.for('signal-exit emitter'))) + count(older)
}

function send(group: number, signal: NodeJS.Signals | 0): boolean {
  return sendTo(-group, signal)
}

function sendTo(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(id, signal)
    return true
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
