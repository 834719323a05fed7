import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createMockServer, type Reply, script, type TurnRequest } from '@enjamb/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Entry } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'
import { billing } from '../src/subagents/child/billed.ts'
import { buildProgram } from './build-program.ts'

let folder: string
let program: string
let child: ChildProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-tasks-'))
  program = join(folder, 'worker.mjs')
  await buildProgram(new URL('./task-worker.ts', import.meta.url), program)
})
afterAll(() => rmSync(folder, { recursive: true }))

const task = (prompt: string, run_in_background = false) => ({
  name: 'Task',
  input: { description: 'Work', prompt, subagent_type: 'general', run_in_background },
})

/** What the model says, which hangs on what it was told alone. */
function reply({ params: { messages } }: TurnRequest): Reply {
  const said = messages.map(({ content }) => JSON.stringify(content))
  const calls = messages.filter(({ role }) => role === 'assistant').length
  if (said[0]!.includes('Top')) {
    if (calls === 0) return { toolCalls: [task('Middle.'), task('Beside.', true)] }
    return said.some((one) => one.includes('works in the background')) && said.some((one) => one.includes('reports:'))
      ? 'All is heard.'
      : 'I wait.'
  }
  if (said[0]!.includes('Middle')) return calls === 0 ? { toolCalls: [task('Bottom.')] } : 'Middle done.'
  return calls === 0 ? { toolCalls: [{ name: 'look' }] } : 'A cat.'
}

async function work(name: string, url: string) {
  const args = [program, join(folder, name), url, 'Top.']
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const out = await text(child.stdout!)
  return out ? JSON.parse(out) : undefined
}

async function entriesOf(name: string, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of fileStore(join(folder, name)).read(id)) entries.push(entry)
  return entries
}

it('a task whose process is killed at any of its requests goes on, asks no sub-agent twice, hears each once, and knows what all of it cost, and at most can have', {
  timeout: 300_000,
}, async () => {
  for (let killAt = 1; ; killAt++) {
    let requests = 0
    const kill = (request: TurnRequest) => {
      if (++requests === killAt) child.kill('SIGKILL')
      return reply(request)
    }
    const server = await createMockServer({ script: script([{ times: Number.POSITIVE_INFINITY, reply: kill }]) })
    const name = `kill-${killAt}`
    const first = await work(name, server.url)
    const last = first ?? (await work(name, server.url))
    await server.close()
    expect(last).toMatchObject({ status: 'completed', summary: 'All is heard.' })

    const root = await entriesOf(name, 'root')
    const spawns = root.flatMap((entry) => (entry.type === 'spawn' ? [entry] : []))
    expect(spawns.map(({ background }) => !!background).sort()).toEqual([false, true])
    const reports = root.filter((entry) => entry.type === 'prompt' && entry.id.startsWith('report-'))
    expect(reports).toHaveLength(1)
    let nanoUsd = 0
    const ids = ['root', ...spawns.map(({ session }) => session)]
    for (const id of ids) {
      for (const entry of await entriesOf(name, id)) {
        if (entry.type === 'spawn' && id !== 'root') ids.push(entry.session)
        if (entry.type !== 'spent') nanoUsd += billing()(entry)?.cost?.nanoUsd ?? 0
      }
    }
    expect(ids).toHaveLength(4)
    expect(last.nanoUsd).toBe(nanoUsd)
    const billed = server.ledger.cost.nanoUsd
    expect(nanoUsd).toBeLessThanOrEqual(billed)
    // What was under way when it was killed counts in full, whatever came of it.
    const atMost = Math.round(last.costAtMost * 1e9)
    expect(atMost).toBeGreaterThanOrEqual(billed)
    expect(root.filter(({ type }) => type === 'reserved')).toHaveLength(
      root.filter(({ type }) => type === 'settled').length,
    )
    if (first) {
      expect(killAt).toBeGreaterThan(7)
      expect([nanoUsd, atMost]).toEqual([billed, billed])
      return
    }
  }
})
