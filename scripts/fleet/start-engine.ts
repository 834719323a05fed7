import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { installRuntime, restateServer } from '../runtimes.ts'

/** An engine (Restate) of its own, with what it knows in a folder. */
export interface Engine {
  readonly ingressUrl: string
  readonly adminUrl: string
  /** Kills it, and starts it again on what it had written. */
  restart(): Promise<void>
  kill(): Promise<void>
}

export async function startEngine(folder: string): Promise<Engine> {
  // A port that was free may be somebody else's by then.
  for (let tries = 1; ; tries++) {
    try {
      return await tryEngine(folder)
    } catch (error) {
      if (tries === 3) throw error
    }
  }
}

async function tryEngine(folder: string): Promise<Engine> {
  const program = installRuntime(restateServer)
  mkdirSync(folder, { recursive: true })
  const [ingress, admin, node] = (await freePorts(3)) as [number, number, number]
  const adminUrl = `http://127.0.0.1:${admin}`
  const ingressUrl = `http://127.0.0.1:${ingress}`
  const env = {
    ...process.env,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: '1',
    // One machine: fewer of each take less of it.
    RESTATE_DEFAULT_NUM_PARTITIONS: '4',
    RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: '256 MiB',
    RESTATE_LOG_FILTER: 'warn',
    RESTATE_LOG_DISABLE_ANSI_CODES: 'true',
  }
  let child: ChildProcess

  async function start(): Promise<void> {
    const log = openSync(join(folder, 'engine.log'), 'a')
    child = spawn(program, ['--base-dir', join(folder, 'data'), '--no-logo'], { env, stdio: ['ignore', log, log] })
    while (!(await isUp(`${adminUrl}/health`)) || !(await isUp(`${ingressUrl}/restate/health`))) {
      if (child.exitCode !== null) throw new Error(`The engine has ended: see ${folder}/engine.log.`)
      await setTimeout(50)
    }
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  await start()
  return {
    ingressUrl,
    adminUrl,
    async restart() {
      await kill()
      await start()
    },
    kill,
  }
}

async function isUp(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined)
  await response?.body?.cancel()
  return response?.ok ?? false
}

/** Ports that nobody has now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
