import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fleetAdmin } from '@enjamb/agent/restate'
import { createMockServer, script } from '@enjamb/testing'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { startEngine } from '../../scripts/fleet/start-engine.ts'
import { type Postgres, startPostgres } from '../../test/start-postgres.ts'
import { redisProgram, startRedis } from '../../test/start-redis.ts'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
let postgres: Postgres
const port = await freePort()

beforeAll(async () => {
  postgres = await startPostgres({ settings: { listen_addresses: '127.0.0.1', port, max_connections: 200 } })
})
afterAll(() => postgres.stop())

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** An API whose first answer comes slowly, and a way to run the recipes with it. */
async function setUp(env: Record<string, string> = {}) {
  const slow = { text: 'A slow answer. '.repeat(40), eventDelayMs: 50 }
  const api = await createMockServer({ script: script([slow, 'Answered.', 'Once more.']) })
  const cwd = mkdtempSync(join(tmpdir(), 'enjamb-recipe-'))
  const children = new Set<ChildProcess>()
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL')
    await api.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  const { PATH = '', HOME = '' } = process.env
  const database = `postgresql://postgres:any@127.0.0.1:${port}/postgres`
  const all = { PATH, HOME, DATABASE_URL: database, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: api.url, ...env }
  function start(name: string, args: string[] = []) {
    const file = fileURLToPath(new URL(name, import.meta.url))
    const child = spawn(process.execPath, ['--import', tsx, '-C', '@enjamb/source', file, ...args], {
      cwd,
      env: all,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.add(child)
    return child
  }
  async function killWhenAsked(child: ChildProcess): Promise<void> {
    await expect.poll(() => api.requests.length, { timeout: 60_000 }).toBe(1)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { api, start, killWhenAsked }
}

it('DBOS goes on with a turn whose process was killed, and asks no prompt twice', { timeout: 180_000 }, async () => {
  const { api, start, killWhenAsked } = await setUp()
  const args = ['dbos', 'dbos/1', 'Well?']
  await killWhenAsked(start('dbos.ts', args))
  for (let n = 0; n < 2; n++) expect(await text(start('dbos.ts', args).stdout)).toContain("text: 'Answered.'")
  expect(api.requests).toHaveLength(2)
})

it.skipIf(!redisProgram)(
  'BullMQ goes on with a turn whose process was killed, and asks no prompt twice',
  {
    timeout: 180_000,
  },
  async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const { api, start, killWhenAsked } = await setUp({ REDIS_URL: redis.socket })
    const args = ['bullmq', 'bullmq-1', 'Well?']
    await killWhenAsked(start('bullmq.ts', args))
    for (let n = 0; n < 2; n++) expect(await text(start('bullmq.ts', args).stdout)).toContain("text: 'Answered.'")
    expect(api.requests).toHaveLength(2)
  },
)

it('the worker and the client of the guide find each other', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-engine-'))
  const engine = await startEngine(folder)
  onTestFinished(async () => {
    await engine.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  const { start } = await setUp({ ENGINE_URL: engine.ingressUrl, PORT: '0' })
  const worker = start('worker.ts')
  const [said] = (await once(worker.stdout, 'data')) as [Buffer]
  await fleetAdmin(engine.adminUrl).register(`http://127.0.0.1:${String(said).match(/\d+/)![0]}`)
  expect(await text(start('client.ts').stdout)).toMatch(/^completed A slow answer\./)
})
