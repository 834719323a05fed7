import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createMockServer, type MockServer, script, type TurnFunction } from '@enjamb/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Entry } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'
import { buildProgram } from './build-program.ts'

/** How often a process is killed: `npm run test:long` has it done 300 times. */
const kills = Number(process.env.KILLS ?? 8)
const killsOfOne = 15

let folder: string
let program: string
let server: MockServer
let child: ChildProcess | undefined

/** Now an answer, now some calls: after results, one time in three, more of them. */
const reply: TurnFunction = ({ index, text, toolResults, params }) => {
  if (text === 'The end.') return 'The end.'
  if (params.max_tokens === 50) return 'In short.'
  if ('compaction' in params)
    return { content: [{ type: 'compaction', content: 'Some work.', encrypted_content: null }] }
  if (toolResults.length && index % 3) return `After ${toolResults.length} results.`
  const names = ['read', 'write', 'set', 'pay', 'ask', 'read', 'set']
  const toolCalls = names.filter((_, n) => ((index * 2_654_435_761) >>> (8 + n)) & 1).map((name) => ({ name }))
  return { text: 'So:', ...(toolCalls.length && { toolCalls }) }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-killed-'))
  program = join(folder, 'worker.mjs')
  await buildProgram(new URL('./session-worker.ts', import.meta.url), program)
  server = await createMockServer({
    script: script([{ times: Number.POSITIVE_INFINITY, reply }]),
    maxRecordedRequests: 1_000_000,
  })
})
afterEach(() => void child?.kill('SIGKILL'))
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const lines = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [])

async function read(id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of fileStore(folder).read(id)) entries.push(entry)
  return entries
}

const ofType = <Type extends Entry['type']>(entries: Entry[], type: Type) =>
  entries.filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type)

/** What tools did: who began which call, in order. */
function begun(file: string): { pid: string; name: string; key: string }[] {
  return lines(file)
    .map((line) => line.split(' ') as [string, string, string, string])
    .filter(([, , what]) => what === 'begins')
    .map(([pid, name, , key]) => ({ pid, name, key }))
}

/** The keys of the calls that are answered. */
function finished(entries: Entry[]): Set<string> {
  const results = new Set(ofType(entries, 'result').map(({ id }) => id))
  return new Set(ofType(entries, 'intent').flatMap(({ call, key }) => (results.has(call.id) ? [key] : [])))
}

/** What the mock has billed beyond what the journals say, as long as each of their costs is one of its own. */
function unaccounted(journals: Entry[][]): number[] {
  const left = server.ledger.entries.map(({ cost }) => cost!.nanoUsd)
  for (const entries of journals) {
    for (const type of ['reply', 'spent', 'compaction'] as const) {
      for (const { cost } of ofType(entries, type)) {
        const at = left.indexOf(cost!.nanoUsd)
        expect(at).not.toBe(-1)
        left.splice(at, 1)
      }
    }
  }
  return left
}

/** A step takes it some milliseconds; one that takes as long as this has come to a halt. */
const longestStepMs = 120_000

/** A process that works, and what it has said so far. */
function start(id: string, report: string, effects: string, mode: 'run' | 'finish') {
  const worker = fork(program, [folder, id, server.url, report, effects, mode], { stdio: 'inherit' })
  child = worker
  const ended = once(worker, 'exit')
  /** What comes first, of these and its end: one whose work has failed ends by itself. */
  async function orEnd(...others: Promise<unknown>[]): Promise<void> {
    const halt = new AbortController()
    const late = setTimeout(longestStepMs, undefined, halt).then(() => {
      throw new Error(
        `It has come to a halt after:\n${[...lines(report).slice(-3), ...lines(effects).slice(-3)].join('\n')}`,
      )
    })
    await Promise.race([ended, late, ...others]).finally(() => halt.abort())
  }
  return {
    /** Until it has written something. */
    written: () => orEnd(once(worker, 'message')),
    ended: () => orEnd(),
    async kill() {
      worker.kill('SIGKILL')
      await ended
    },
  }
}

it('a process that is killed at any moment loses no fact, does nothing twice, and goes on where it was', {
  timeout: 1_800_000,
}, async () => {
  const journals = new Map<string, Entry[]>()
  let lost = 0
  let again = 0
  let reported = 0
  let compactions = 0
  for (let round = 0; round < kills; round += killsOfOne) {
    const id = `s${round}`
    const report = join(folder, `${id}.report`)
    const effects = join(folder, `${id}.effects`)
    /** Calls that had been answered when a process was killed, and how many had begun by then. */
    const seen: { done: Set<string>; begun: number; open: Set<string> }[] = []
    for (let kill = 0; kill < Math.min(killsOfOne, kills - round); kill++) {
      const worker = start(id, report, effects, 'run')
      // By what it has done, not by a clock that runs on while others have the processor; then at any moment.
      for (let n = Math.random() * 25; n > 0; n--) await worker.written()
      await setTimeout(Math.random() * 8)
      await worker.kill()

      const entries = await read(id)
      journals.set(id, entries)
      expect(lines(report).filter((line) => line.startsWith('failed'))).toEqual([])
      const acknowledged = lines(report).flatMap((line) => (line.startsWith('ack ') ? [Number(line.slice(4))] : []))
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1))
      expect(entries.length).toBeGreaterThanOrEqual(Math.max(0, ...acknowledged))
      const left = unaccounted([...journals.values()]).length
      // A reply that was under way, and what a tool asked meanwhile.
      expect(left - lost).toBeLessThanOrEqual(2)
      lost = left
      const done = finished(entries)
      const open = new Set(
        ofType(entries, 'intent').flatMap(({ key, idempotent }) => (idempotent && !done.has(key) ? [key] : [])),
      )
      seen.push({ done, begun: begun(effects).length, open })
    }

    await start(id, report, effects, 'finish').ended()
    const entries = await read(id)
    journals.set(id, entries)
    expect(lines(report).filter((line) => line.startsWith('failed'))).toEqual([])
    expect(entries.at(-1)).toMatchObject({ type: 'turn', status: 'completed' })
    expect(unaccounted([...journals.values()])).toHaveLength(lost)

    const all = begun(effects)
    // What was answered is not made again; what only may be made once is not, in any case.
    for (const { done, begun } of seen) for (const { key } of all.slice(begun)) expect(done).not.toContain(key)
    const once_ = all.filter(({ name }) => name === 'write' || name === 'pay').map(({ key }) => key)
    expect(new Set(once_).size).toBe(once_.length)
    // What may be made again is, with its key; of the rest the model is told that nobody knows.
    const done = finished(entries)
    const asked = new Set(
      ofType(entries, 'reply').flatMap(({ message }) =>
        message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])),
      ),
    )
    for (const { call, key, readOnly, idempotent } of ofType(entries, 'intent')) {
      // One that only read may have begun before a reply that never came whole.
      if (!asked.has(call.id)) expect(readOnly).toBe(true)
      else expect(done).toContain(key)
      const tries = all.filter((one) => one.key === key)
      const result = ofType(entries, 'result').find(({ id }) => id === call.id)
      if (idempotent && tries.length > 1) again++
      if (idempotent) expect(result).toMatchObject({ isError: false, content: 'set is done' })
      if (!result?.isError) continue
      reported++
      expect([idempotent, readOnly]).toEqual([false, false])
      expect(result.content).toContain('may have had effects')
    }
    // Each payment after its decision.
    for (const { call, seq } of ofType(entries, 'intent')) {
      if (call.name === 'pay')
        expect(ofType(entries, 'decision').find(({ id }) => id === call.id)?.seq).toBeLessThan(seq)
    }
    compactions += ofType(entries, 'compaction').length
    // Every history was accepted.
    expect(server.ledger.answers).toBe(server.requests.length)
  }
  if (kills >= 100) {
    expect(again).toBeGreaterThan(0)
    expect(reported).toBeGreaterThan(0)
    expect(compactions).toBeGreaterThan(0)
  }
  if (process.env.KILLS) console.log({ kills, requests: server.requests.length, lost, again, reported, compactions })
})
