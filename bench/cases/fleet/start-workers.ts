import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { WorkerSettings } from './asked.ts'

/** Workers of one kind, each of which is followed by another in its place when it is killed. */
export async function startWorkers(
  file: string,
  count: number,
  settings: Omit<WorkerSettings, 'name'>,
  /** The ports that they listen on, where they do. */
  ports: Set<number> = new Set(),
) {
  const program = fileURLToPath(new URL(`workers/${file}.ts`, import.meta.url))
  const alive = new Map<number, { child: ChildProcess; port: number }>()
  const starting = new Set<Promise<void>>()

  async function start(place: number): Promise<void> {
    const child = fork(program, [JSON.stringify({ ...settings, name: `worker-${place}` })], { execArgv: [] })
    const [port] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [number]
    if (child.exitCode !== null) throw new Error(`The worker ${file} ended with code ${child.exitCode}.`)
    alive.set(place, { child, port })
    ports.add(port)
  }
  async function kill(place: number): Promise<void> {
    const { child, port } = alive.get(place)!
    alive.delete(place)
    ports.delete(port)
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  // One first, as DBOS does not take it that several make its tables.
  await start(0)
  await Promise.all(Array.from({ length: count - 1 }, (_, n) => start(n + 1)))
  return {
    /** Kills one that lives, but not the last one; the next in its place begins to start. */
    async replace(random: () => number): Promise<void> {
      while (alive.size === 1) await Promise.race(starting)
      const place = [...alive.keys()].sort()[Math.floor(random() * alive.size)]!
      await kill(place)
      const started = start(place)
      starting.add(started)
      void started.finally(() => starting.delete(started))
    },
    async end(): Promise<void> {
      await Promise.all(starting)
      await Promise.all([...alive.keys()].map(kill))
    },
  }
}
