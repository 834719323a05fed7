import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { amountsOf, type UsageWork } from '../../../test/usage-worker.ts'
import { createUsageMeter } from '../../usage/usage-meter.ts'
import type { MessageParams } from '../../wire/index.ts'
import { fileUsageStore } from './file-usage-store.ts'

const day = '2026-11-21'
const calls = 1_000
const names = ['ann', 'bob', 'cid', 'dee']

let folder: string
let worker: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-usage-'))
  worker = join(folder, 'worker.mjs')
  const source = fileURLToPath(new URL('../../../test/usage-worker.ts', import.meta.url))
  await build({ entryPoints: [source], outfile: worker, bundle: true, format: 'esm', platform: 'node' })
})
afterAll(() => rm(folder, { recursive: true }))

function start(work: UsageWork): ChildProcess {
  return spawn(process.execPath, [worker, JSON.stringify(work)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills a process once it has said so many words. */
function killAfter(child: ChildProcess, words: number): void {
  let said = 0
  child.stdout!.on('data', (chunk: Buffer) => {
    said += chunk.length
    if (said >= words) child.kill('SIGKILL')
  })
}

interface Line {
  type: string
  id: string
  nanoUsd: number
  counts: { nanoUsd: number } | null
}

/** What the files say, read without any of our own code: each settlement of a granted reservation, once. */
async function readSettled(directory: string): Promise<Map<string, bigint>> {
  const settled = new Map<string, bigint>()
  for (const name of (await readdir(directory)).sort()) {
    const text = await readFile(join(directory, name), 'utf8')
    const lines = text.split('\n').flatMap((line): Line[] => {
      try {
        return [JSON.parse(line)]
      } catch {
        return []
      }
    })
    const end = lines.findIndex(({ type }) => type === 'seal')
    for (const { type, id, counts } of end < 0 ? lines : lines.slice(0, end)) {
      if (type !== 'settle') continue
      expect(settled.has(id), `${id} is settled once`).toBe(false)
      settled.set(id, BigInt(counts?.nanoUsd ?? 0))
    }
  }
  return settled
}

async function readReport(path: string): Promise<{ call: number; granted: boolean }[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
  return lines.map((line) => ({ call: Number.parseInt(line, 10), granted: line.endsWith('true') }))
}

describe('four processes that share a file store, one of them killed', () => {
  it.each([
    ['all that they ask for', 1e9],
    ['half of what they ask for', 800_000],
  ])(
    'keep exact sums under a cap of %s',
    async (_, limit) => {
      const directory = join(folder, `${limit}`)
      const cap = { since: day, until: day, nanoUsd: limit }
      const reportOf = (name: string) => join(folder, `${limit}-${name}.txt`)
      const children = names.map((name) =>
        start({ directory, name, calls, cap, maxBytes: 100_000, report: reportOf(name) }),
      )
      const killed = children[0]!
      killAfter(killed, 50 + Math.floor(Math.random() * 800))
      for (const child of children.slice(1)) child.stdout!.resume()
      const exits = await Promise.all(children.map((child) => once(child, 'exit')))
      expect(exits).toEqual([
        [null, 'SIGKILL'],
        [0, null],
        [0, null],
        [0, null],
      ])

      const settled = await readSettled(directory)
      for (const name of names) {
        const report = await readReport(reportOf(name))
        if (name !== names[0]) expect(report).toHaveLength(calls)
        for (const { call, granted } of report) {
          expect(settled.get(`${name}-${call}`)).toBe(granted ? BigInt(amountsOf(call).spent) : undefined)
        }
      }
      const total = [...settled.values()].reduce((sum, amount) => sum + amount, 0n)
      const { reservedNanoUsd, models } = await fileUsageStore(directory).read('shared', cap)
      expect(reservedNanoUsd).toBe(0)
      expect(BigInt(models.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0))).toBe(total)
      expect(total <= BigInt(limit)).toBe(true)
      expect(models.reduce((sum, model) => sum + model.calls, 0)).toBe([...settled.values()].filter(Boolean).length)
    },
    30_000,
  )
})

describe('a process that is killed with the answer in hand', () => {
  const script = `
    import { createClient, createMessage, createUsageMeter } from './index.ts'
    import { fileUsageStore } from './node/index.ts'
    const meter = createUsageMeter({ store: fileUsageStore(process.argv[2]), budgets: { default: { usd: 1 } } })
    const answer = { model: 'claude-opus-5-5', content: [], usage: { input_tokens: 7, output_tokens: 3 } }
    const client = createClient({ apiKey: 'k', middleware: [meter.middleware], fetch: async () => Response.json(answer) })
    await createMessage(client, { model: 'opus', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
    process.kill(process.pid, 'SIGKILL')`

  it('has paid for it', async () => {
    const outfile = join(folder, 'killed.mjs')
    const resolveDir = fileURLToPath(new URL('../..', import.meta.url))
    await build({ stdin: { contents: script, resolveDir }, outfile, bundle: true, format: 'esm', platform: 'node' })
    const directory = join(folder, 'killed')
    const child = spawn(process.execPath, [outfile, directory], { stdio: ['ignore', 'ignore', 'inherit'] })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const { reservedNanoUsd, models } = await fileUsageStore(directory).read('default', {
      since: '',
      until: '9999-12-31',
    })
    expect(reservedNanoUsd).toBe(0)
    expect(models).toMatchObject([
      { model: 'claude-opus-5-5', calls: 1, inputTokens: 7, outputTokens: 3, nanoUsd: 88_000 },
    ])
  })
})

describe('two meters that share a file store', () => {
  it('share a budget, and tell of each threshold once', async () => {
    const seen: string[] = []
    const directory = join(folder, 'thresholds')
    const meters = ['a', 'b'].map((name) =>
      createUsageMeter({
        store: fileUsageStore(directory),
        budgets: { default: { usd: 0.01, period: 'day' } },
        onThreshold: ({ threshold }) => seen.push(`${name} ${threshold}`),
      }),
    )
    const params: MessageParams = { model: 'opus', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
    for (let n = 0; n < 10; n++) {
      const reservations = await Promise.all(meters.map((meter) => meter.reserve(params).catch(() => undefined)))
      await Promise.all(reservations.map((reservation) => reservation?.settle({ output_tokens: 40 })))
    }
    const [one, other] = await Promise.all(meters.map((meter) => meter.stats()))
    expect(one).toEqual(other)
    expect(one!.totalCost).toBeGreaterThan(0.007)
    expect(seen.map((event) => event.slice(2)).sort()).toEqual(one!.totalCost < 0.008 ? ['0.5'] : ['0.5', '0.8'])
  })
})
