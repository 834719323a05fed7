import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from '../../../test/build-program.ts'
import { startWorker as startProgram } from '../../../test/start-worker.ts'
import type { Entry } from '../../journal/entry.ts'
import { fileStore } from './file-store.ts'

let folder: string
let program: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-journals-'))
  program = join(folder, 'worker.mjs')
  await buildProgram(new URL('../../../test/journal-worker.ts', import.meta.url), program)
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Settings {
  leaseMs?: number
  /** What a shell does before. */
  first?: string
}

/** A process that writes the session `s` of a folder of this name. */
function startWorker(name: string, { leaseMs = 30_000, first = ':' }: Settings = {}) {
  const directory = join(folder, name)
  const report = join(folder, `${name}.${Math.random()}`)
  const args = [program, directory, 's', report, String(leaseMs)]
  const worker = startProgram(args, first)
  children.add(worker.child)
  return {
    ...worker,
    /** The places that were acknowledged. */
    acknowledged: () =>
      existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean).map(Number) : [],
  }
}

async function read(name: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of fileStore(join(folder, name)).read('s')) entries.push(entry)
  return entries
}

const seqs = (entries: Entry[]) => entries.map(({ seq }) => seq)

describe('a process that writes a session', () => {
  it('is named, with host, process and time, to whoever opens it too', async () => {
    const worker = startWorker('named')
    expect(await worker.tell('open')).toBe('opened')
    const error = await fileStore(join(folder, 'named'))
      .open('s')
      .catch((error) => error)
    expect(error).toMatchObject({ code: 'session_busy', retryable: true, sessionId: 's' })
    expect(error.holder).toMatchObject({ owner: 'worker', pid: worker.child.pid, since: expect.any(Date) })
    expect(error.message).toMatch(/^Session s is written by worker, process \d+ on .+, since 2.+Z\. Close it there/)
  })

  it('holds up nobody once it was killed', async () => {
    const worker = startWorker('killed')
    await worker.tell('open')
    await worker.tell('append 2')
    await worker.kill()
    const lease = await fileStore(join(folder, 'killed')).open('s')
    expect(await lease.append([{ type: 'note', name: 'next' }])).toBe(3)
    await lease.release()
  })

  it('and is killed at any moment has lost nothing that was acknowledged', { timeout: 120_000 }, async () => {
    let seen = 0
    for (let round = 0; round < 30; round++) {
      const worker = startWorker('anywhere')
      expect(await worker.tell('open')).toBe('opened')
      worker.order('flood')
      while (worker.acknowledged().length < 3) await new Promise((resolve) => setTimeout(resolve, 1))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      await worker.kill()
      const entries = await read('anywhere')
      expect(seqs(entries)).toEqual(entries.map((_, n) => n + 1))
      expect(seqs(entries)).toEqual(expect.arrayContaining(worker.acknowledged()))
      // Those of earlier rounds are as they were, and each process's own are there in their order.
      expect(entries.length).toBeGreaterThan(seen)
      seen = entries.length
      const own = entries.filter((entry) => entry.type === 'note' && entry.name === String(worker.child.pid))
      expect(own.map((entry) => Object(Object(entry).data).n)).toEqual(own.map((_, n) => n + 1))
    }
  })

  it('and is stopped for longer than its lease has lost it, and nothing that it writes then is there', async () => {
    const worker = startWorker('stopped', { leaseMs: 300 })
    await worker.tell('open')
    await worker.tell('append 1')
    const other = fileStore(join(folder, 'stopped'), { leaseMs: 300 })
    await expect(other.open('s')).rejects.toMatchObject({ code: 'session_busy' })
    worker.child.kill('SIGSTOP')
    let lease: Awaited<ReturnType<typeof other.open>> | undefined
    while (!lease) lease = await other.open('s').catch(() => undefined)
    expect(await lease.append([{ type: 'note', name: 'mine' }])).toBe(2)
    worker.order('append 3')
    worker.child.kill('SIGCONT')
    const heard = [await worker.hear(), await worker.hear()]
    expect(heard.sort()).toEqual([
      'lost',
      expect.stringMatching(/^session_lost Session s can no longer be written here/),
    ])
    expect(await lease.append([{ type: 'note', name: 'mine' }])).toBe(3)
    await lease.release()
    expect((await read('stopped')).map((entry) => Object(entry).name)).toEqual([
      String(worker.child.pid),
      'mine',
      'mine',
    ])
  })

  it('fails on a full disk, keeps what was acknowledged, and goes on when there is room', async () => {
    // A shell's limit on files, in blocks of 512 bytes or of 1,024: what goes beyond it is written in part.
    const worker = startWorker('full', { first: 'trap "" XFSZ; ulimit -f 40' })
    await worker.tell('open')
    let answer = ''
    while (/^\d*$/.test(answer)) answer = await worker.tell('append 5')
    expect(answer).toMatch(
      /^session_store The journal of session s could not be written \(.+\)\. What was acknowledged is safe/,
    )
    await worker.kill()
    const acknowledged = worker.acknowledged()
    expect(seqs(await read('full')).at(-1)).toBe(acknowledged.at(-1))
    const lease = await fileStore(join(folder, 'full')).open('s')
    expect(await lease.append([{ type: 'note', name: 'next' }])).toBe(acknowledged.at(-1)! + 1)
    await lease.release()
  })
})
