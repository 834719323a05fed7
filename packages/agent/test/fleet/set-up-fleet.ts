import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, type MockOptions } from '@enjamb/testing'
import { Pool } from 'pg'
import { startBalancer } from '../../../../scripts/fleet/start-balancer.ts'
import { type Engine, startEngine } from '../../../../scripts/fleet/start-engine.ts'
import type { Entry } from '../../src/index.ts'
import { fileStore } from '../../src/node/index.ts'
import { postgresStore } from '../../src/postgres/index.ts'
import { fleetAdmin, fleetClient } from '../../src/restate/index.ts'
import { buildProgram } from '../build-program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'enjamb-fleet-'))
const program = join(scratch, 'worker.mjs')
let engine: Engine | undefined

export async function startFleets(): Promise<void> {
  await buildProgram(new URL('./fleet-worker.ts', import.meta.url), program)
  engine = await startEngine(join(scratch, 'engine'))
}

export async function endFleets(): Promise<void> {
  await engine?.kill()
  if (!process.env.KEEP) rmSync(scratch, { recursive: true })
  else console.log(scratch)
}

export interface FleetOptions extends MockOptions {
  workers?: number
  capUsd?: number
  requestsPerMinute?: number
  maxAttempts?: number
  /** After how long a silent worker's sessions may be taken over, in `database`. */
  leaseMs?: number
  /** Where sessions and books are kept; default: in files. */
  database?: string
}

/** A fleet with an API and a folder of its own; the engine is that of the file. */
export async function setUpFleet({
  workers = 2,
  capUsd,
  requestsPerMinute,
  maxAttempts,
  database,
  leaseMs,
  ...mock
}: FleetOptions) {
  const api = await createMockServer({ maxRecordedRequests: 1_000_000, ...mock })
  const { ingressUrl, adminUrl } = engine!
  const folder = mkdtempSync(join(scratch, 'fleet-'))
  const balancer = await startBalancer()
  const events = await startBalancer()
  const children = new Map<ChildProcess, [number, number]>()
  const settings = { folder, baseURL: api.url, ingressUrl, capUsd, requestsPerMinute, database, leaseMs }

  const starting = new Set<Promise<ChildProcess>>()
  function addWorker(): Promise<ChildProcess> {
    const worker = startWorker()
    starting.add(worker)
    return worker.finally(() => starting.delete(worker))
  }
  async function startWorker(): Promise<ChildProcess> {
    const child = fork(program, [JSON.stringify(settings)], {
      stdio: 'inherit',
      env: { ...process.env, ...(maxAttempts && { MAX_ATTEMPTS: String(maxAttempts) }) },
    })
    const [ports] = (await once(child, 'message')) as [[number, number]]
    children.set(child, ports)
    balancer.ports.add(ports[0])
    events.ports.add(ports[1])
    return child
  }
  /** Has it called no more, as a balancer does that hears nothing of it. */
  function passOver(child: ChildProcess): void {
    const [port, eventsPort] = children.get(child)!
    balancer.ports.delete(port)
    events.ports.delete(eventsPort)
  }
  async function endWorker(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    passOver(child)
    children.delete(child)
    child.kill(signal)
    const [code] = await once(child, 'exit')
    return code
  }
  const admin = fleetAdmin(adminUrl)
  for (let n = 0; n < workers; n++) await addWorker()
  await admin.register(balancer.url)
  const pool = database ? new Pool({ connectionString: database, max: 3 }) : undefined
  pool?.on('error', () => {})
  const store = pool ? postgresStore(pool) : fileStore(join(folder, 'sessions'))
  const lines = (file: string) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean) : []
  return {
    api,
    folder,
    engine: engine!,
    sessionsUrl: `${events.url}/sessions`,
    ingressUrl,
    client: fleetClient(ingressUrl, { patienceMs: 60_000 }),
    admin,
    children,
    addWorker,
    passOver,
    endWorker,
    /** What tools did, in order. */
    effects: () => lines('effects').map((line) => line.split(' ') as [pid: string, name: string, key: string]),
    log: () => lines('log'),
    async entries(id: string): Promise<Entry[]> {
      const entries: Entry[] = []
      for await (const entry of store.read(id)) entries.push(entry)
      return entries
    },
    /** Whether nobody has the right to write it. */
    async isFree(id: string): Promise<boolean> {
      await (await store.open(id)).release()
      return true
    },
    async close() {
      await Promise.all(starting)
      await Promise.all([...children.keys()].map((child) => endWorker(child, 'SIGKILL')))
      await pool?.end()
      await balancer.close()
      await events.close()
      await api.close()
    },
  }
}
