import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postgresStore } from '@enjamb/agent/postgres'
import { type FleetAdmin, type FleetClient, fleetAdmin, fleetClient } from '@enjamb/agent/restate'
import { createMockServer, script } from '@enjamb/testing'
import { Pool } from 'pg'
import { startBalancer } from '../../scripts/fleet/start-balancer.ts'
import { startEngine } from '../../scripts/fleet/start-engine.ts'
import { startPostgres } from '../../test/start-postgres.ts'

interface FleetWorker {
  name: string
  pid: number
  child: ChildProcess
}

/** All that a fleet is made of, on this machine. */
export interface LocalFleet {
  client: FleetClient
  admin: FleetAdmin
  pool: Pool
  store: ReturnType<typeof postgresStore>
  capUsd: number
  workers: Map<string, FleetWorker>
  killed: number
  /** Ends a worker as a crash would, and starts another one. */
  kill(name: string): Promise<void>
  restartEngine(): Promise<void>
  /** Not where it is somebody else's. */
  restartDatabase: (() => Promise<void>) | undefined
  close(): Promise<void>
}

/** After so many tries, each of three requests at most, a turn is parked. */
const attempts = 4

/** As long as there is a key, the API itself; else one that answers like it, and costs nothing. */
export async function startFleet(workers: number): Promise<LocalFleet> {
  const { ANTHROPIC_API_KEY: apiKey, DATABASE_URL } = process.env
  const capUsd = apiKey ? 0.25 : 0.02
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-fleet-'))
  const api = apiKey ? undefined : await createMockServer({ script: mockScript(), maxRecordedRequests: 10 })
  const [postgres, engine, balancer] = await Promise.all([
    DATABASE_URL ? undefined : startPostgres({ settings: { max_connections: 200 } }),
    startEngine(join(folder, 'engine')),
    startBalancer(),
  ])
  const database = DATABASE_URL ?? postgres!.url
  const pool = new Pool({ connectionString: database, max: 5 })
  pool.on('error', () => {})
  await pool.query('CREATE TABLE IF NOT EXISTS payments (key text NOT NULL, worker text NOT NULL)')
  const env = api ? { ...process.env, ANTHROPIC_API_KEY: 'mock', ANTHROPIC_BASE_URL: api.url } : process.env
  let number = 0

  const fleet: LocalFleet = {
    client: fleetClient(engine.ingressUrl, { patienceMs: 120_000 }),
    admin: fleetAdmin(engine.adminUrl),
    pool,
    store: postgresStore(pool),
    capUsd,
    workers: new Map(),
    killed: 0,
    async kill(name) {
      const worker = fleet.workers.get(name)
      if (!worker) return
      fleet.workers.delete(name)
      worker.child.kill('SIGKILL')
      fleet.killed++
      await start()
    },
    restartEngine: () => engine.restart(),
    restartDatabase: postgres && (() => postgres.restart()),
    async close() {
      const children = [...fleet.workers.values()].map(({ child }) => child)
      fleet.workers.clear()
      for (const child of children) child.kill('SIGKILL')
      await pool.end()
      await Promise.all([engine.kill(), balancer.close(), postgres?.stop(), api?.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }

  async function start(): Promise<void> {
    const name = `worker ${++number}`
    const settings = JSON.stringify({ name, database, ingressUrl: engine.ingressUrl, capUsd, attempts })
    const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [settings], {
      env,
      execArgv: ['--import', 'tsx', '--conditions=@enjamb/source'],
    })
    const [port] = (await once(child, 'message')) as [number]
    balancer.ports.add(port)
    fleet.workers.set(name, { name, pid: child.pid!, child })
    child.once('exit', () => balancer.ports.delete(port))
  }

  await Promise.all(Array.from({ length: workers }, start))
  await fleet.admin.register(balancer.url)
  return fleet
}

/** Looks up, pays back, and answers at the pace of a model. An order that begins with X fails, and then no more. */
function mockScript() {
  let failures = 0
  return script([
    {
      times: Number.POSITIVE_INFINITY,
      reply: ({ toolResults, text }) => {
        const order = /order (\w+)/.exec(text)?.[1] ?? 'A1'
        if (order.startsWith('X') && failures++ < attempts * 3) return { error: 500 }
        const [last] = toolResults
        if (!last)
          return { text: 'I will look at that.', toolCalls: [{ name: 'look_up', input: { order } }], eventDelayMs: 30 }
        if (JSON.stringify(last).includes('delivered broken'))
          return { toolCalls: [{ name: 'refund', input: { order } }] }
        return { text: 'I am sorry about the lamps. The money is on its way back to you. '.repeat(2), eventDelayMs: 40 }
      },
    },
  ])
}
