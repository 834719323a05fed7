import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, type MockServer, script } from '@enjamb/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createAgent, type Entry } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'
import { buildProgram } from './build-program.ts'
import { startWorker as startProgram } from './start-worker.ts'

let folder: string
let program: string
let server: MockServer
let people = 0
const children = new Set<ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-told-'))
  program = join(folder, 'worker.mjs')
  await buildProgram(new URL('./told-worker.ts', import.meta.url), program)
  const pays = () => Array.from({ length: 4 }, () => ({ name: 'pay', input: { to: `person ${people++}` } }))
  server = await createMockServer({
    script: script([
      {
        times: Number.POSITIVE_INFINITY,
        reply: ({ toolResults }) => (toolResults.length ? 'Done.' : { text: 'I pay four.', toolCalls: pays() }),
      },
    ]),
  })
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** A process with the sessions of a folder of this name; `first` is what a shell does before. */
function startWorker(name: string, { leaseMs = 30_000, first = ':' } = {}) {
  const args = [program, join(folder, name), server.url, join(folder, `${name}.effects`), String(leaseMs)]
  const worker = startProgram(args, first)
  children.add(worker.child)
  return worker
}

async function read(name: string, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of fileStore(join(folder, name)).read(id)) entries.push(entry)
  return entries
}

const effects = (name: string) => {
  const file = join(folder, `${name}.effects`)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  return lines.map((line) => /^(\d+) (\S+) (.+)$/.exec(line)!.slice(1) as [pid: string, key: string, to: string])
}

it('a hundred approvals outlive their process, and each call is made once, after its decision, with what was shown', {
  timeout: 120_000,
}, async () => {
  const ids = Array.from({ length: 25 }, (_, n) => `s${n}`)
  const first = startWorker('approvals')
  for (const id of ids) {
    expect(await first.tell(`open ${id}`)).toBe('idle')
    expect(await first.tell(`ask ${id}`)).toBe('waiting')
  }
  await first.kill()
  expect(effects('approvals')).toEqual([])

  const shown = new Map<string, string>()
  for (const id of ids) {
    for (const entry of await read('approvals', id)) {
      if (entry.type === 'pending') shown.set(entry.call.id, Object(entry.call.input).to)
    }
  }
  expect(new Set(shown.values()).size).toBe(100)
  // Half of them are decided in one process, which is killed, the others in a third.
  for (const half of [ids.slice(0, 12), ids.slice(12)]) {
    const next = startWorker('approvals')
    for (const id of half) {
      expect(await next.tell(`open ${id}`)).toBe('waiting')
      const before = effects('approvals').length
      expect(await next.tell(`decide ${id} yyny`)).toBe('completed')
      expect(effects('approvals')).toHaveLength(before + 3)
    }
    await next.kill()
  }
  const made = effects('approvals')
  expect(made).toHaveLength(75)
  for (const [, key, to] of made) expect(shown.get(key.split('/').at(-1)!)).toBe(to)
  for (const id of ids) {
    const entries = await read('approvals', id)
    for (const intent of entries) {
      if (intent.type !== 'intent') continue
      const decision = entries.find((entry) => entry.type === 'decision' && entry.id === intent.call.id)
      expect(decision?.seq).toBeLessThan(intent.seq)
    }
    expect(entries.filter(({ type }) => type === 'result')).toHaveLength(4)
  }
})

const agentOf = (name: string, leaseMs = 30_000) =>
  createAgent({ apiKey: 'key', baseURL: server.url, store: fileStore(join(folder, name), { leaseMs }) })

it('a session that another process has open is busy, says whose it is, and is free as soon as that was killed', async () => {
  const began = Date.now()
  const worker = startWorker('busy')
  await worker.tell('open s')
  expect(await worker.tell('ask s')).toBe('waiting')
  const error = await agentOf('busy')
    .session({ id: 's', resume: true })
    .catch((error) => error)
  expect(error).toMatchObject({
    code: 'session_busy',
    sessionId: 's',
    holder: { owner: 'worker', host: hostname(), pid: worker.child.pid },
  })
  expect(error.holder.since.getTime()).toBeGreaterThanOrEqual(began)
  await worker.kill()
  await using session = await agentOf('busy').session({ id: 's', resume: true })
  expect(session.status).toBe('waiting')
})

it('a process that was stopped for longer than its lease has lost its session, and nothing that it says then is in it', {
  timeout: 60_000,
}, async () => {
  const worker = startWorker('stopped', { leaseMs: 400 })
  await worker.tell('open s')
  await worker.tell('note s')
  worker.child.kill('SIGSTOP')
  const agent = agentOf('stopped', 400)
  let session: Awaited<ReturnType<typeof agent.session>> | undefined
  while (!session) session = await agent.session({ id: 's', resume: true }).catch(() => undefined)
  await session.note('mine')
  const before = (await read('stopped', 's')).length
  worker.child.kill('SIGCONT')
  expect(await worker.tell('note s')).toMatch(/^session_lost Session s can no longer be written here/)
  expect(await worker.tell('ask s')).toMatch(/^session_lost/)
  const entries = await read('stopped', 's')
  expect(entries.slice(before).filter(({ type }) => type === 'note' || type === 'prompt')).toEqual([])
  await session.note('mine, too')
  await session.close()
})

it('a disk that is full in the middle of a turn fails it, keeps what was acknowledged, and the session goes on when there is room', {
  timeout: 60_000,
}, async () => {
  // A shell's limit on files: what goes beyond it is written in part.
  const worker = startWorker('full', { first: 'trap "" XFSZ; ulimit -f 40' })
  await worker.tell('open s')
  const answers: string[] = []
  while (!answers.at(-1)?.startsWith('session_store')) {
    answers.push(await worker.tell('note s'))
    if (answers.length % 3 === 0) answers.push(await worker.tell('ask s'), await worker.tell('decide s nnnn'))
  }
  expect(answers.at(-1)).toMatch(
    /^session_store The journal of session s could not be written .+see to the disk, then go on/,
  )
  await worker.kill()
  const notes = (await read('full', 's')).filter(({ type }) => type === 'note')
  expect(notes.length).toBeGreaterThanOrEqual(answers.filter((answer) => answer === 'done').length)

  const again = startWorker('full')
  let status = await again.tell('open s')
  expect(['idle', 'waiting', 'interrupted']).toContain(status)
  // Calls that could not be shown are, once those that were have been decided about.
  while (status !== 'idle' && status !== 'completed')
    status = await again.tell(status === 'waiting' ? 'decide s nnnn' : 'ask s')
  expect(await again.tell('ask s')).toBe('waiting')
  expect(await again.tell('decide s yyyy')).toBe('completed')
  expect(effects('full')).toHaveLength(4)
  await again.kill()
})
