import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../errors/config-error.ts'
import { noCounts } from '../../usage/ledger/day-sums.ts'
import type { ReservedUsage } from '../../usage/usage-store.ts'
import { type FileUsageStoreOptions, fileUsageStore } from './file-usage-store.ts'
import { isProcessGone, processIdentity } from './process-identity.ts'

const day = '2026-11-21'
const range = { since: day, until: day }
const cap = { ...range, nanoUsd: 1_000 }

let directory: string
let first: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'enjamb-usage-'))
  first = join(directory, 'usage-000001.jsonl')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function reservation(id: string, nanoUsd: number): ReservedUsage {
  return { id, project: 'p', model: 'm', day, nanoUsd }
}

const spend = (nanoUsd: number) => ({ ...noCounts, calls: 1, nanoUsd })

async function spent(): Promise<number> {
  const { models } = await fileUsageStore(directory).read('p', range)
  return models.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)
}

/** The line of a reservation that another process made. */
function foreign(id: string, nanoUsd: number, owner: string, at = new Date().toISOString()): string {
  return `${JSON.stringify({ type: 'reserve', ...reservation(id, nanoUsd), owner, at })}\n`
}

/** The identity of a process that has ended. */
async function deadIdentity(): Promise<string> {
  const child = spawn(process.execPath, ['-e', ''])
  const identity = processIdentity().replace(`/${process.pid}/`, `/${child.pid}/`)
  await once(child, 'exit')
  return identity
}

describe('fileUsageStore', () => {
  it('grants what fits, also of what several stores ask at the same time', async () => {
    const stores = [fileUsageStore(directory), fileUsageStore(directory)]
    const grants = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stores[i % 2]!.reserve(reservation(`r${i}`, 90), cap)),
    )
    expect(grants.filter(({ granted }) => granted)).toHaveLength(11)
    expect(grants.find(({ granted }) => !granted)).toEqual({ granted: false, usedNanoUsd: 990 })
    for (const store of stores) expect(await store.read('p', range)).toMatchObject({ reservedNanoUsd: 990 })
  })

  it.each([false, true])('keeps its books in a directory that it makes, with fsync %s', async (fsync) => {
    directory = join(directory, 'deep', 'down')
    const store = fileUsageStore(directory, { fsync })
    await store.reserve(reservation('a', 60), cap)
    expect(await store.settle(reservation('a', 60), spend(50), range)).toBe(50)
    await store.reserve(reservation('b', 60), cap)
    expect(await store.settle(reservation('b', 60), undefined, range)).toBe(50)
    expect(await spent()).toBe(50)
  })

  it('counts a settlement once, however often it is made', async () => {
    const stores = [fileUsageStore(directory), fileUsageStore(directory)]
    await stores[0]!.reserve(reservation('a', 60), cap)
    await Promise.all([...stores, ...stores].map((store) => store.settle(reservation('a', 60), spend(50), range)))
    await stores[0]!.settle(reservation('a', 60), spend(50), range)
    await stores[0]!.settle(reservation('never reserved', 60), spend(50), range)
    expect(await spent()).toBe(50)
  })

  it('tells each of those that settle at once what had been spent with theirs, and not more', async () => {
    const stores = [fileUsageStore(directory), fileUsageStore(directory)]
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}`)
    await Promise.all(ids.map((id, i) => stores[i % 2]!.reserve(reservation(id, 10), cap)))
    const sums = await Promise.all(ids.map((id, i) => stores[i % 2]!.settle(reservation(id, 10), spend(10), range)))
    expect(sums.sort((a, b) => a - b)).toEqual(ids.map((_, i) => 10 * (i + 1)))
  })

  it('has a settlement in its file before the caller goes on', async () => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    const settling = store.settle(reservation('a', 60), spend(50), range)
    expect(readFileSync(first, 'utf8')).toContain('"settle"')
    expect(await settling).toBe(50)
    expect(await spent()).toBe(50)
    expect((await readFile(first, 'utf8')).match(/"settle"/g)).toHaveLength(1)
  })

  it('can be read by a person', async () => {
    const store = fileUsageStore(directory, { now: () => Date.parse('2026-11-21T12:00:00Z') })
    await store.reserve(reservation('a', 60), cap)
    await store.settle(reservation('a', 60), spend(50), range)
    const lines = (await readFile(first, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { type: 'reserve', at: '2026-11-21T12:00:00.000Z', ...reservation('a', 60), cap, owner: processIdentity() },
      { type: 'settle', id: 'a', counts: spend(50) },
    ])
  })

  it.each<FileUsageStoreOptions>([
    { reservationTtlMs: 0 },
    { reservationTtlMs: Number.NaN },
    { maxBytes: -1 },
    { abandoned: 'keep' as never },
  ])('refuses %j', (options) => {
    expect(() => fileUsageStore(directory, options)).toThrow(ConfigError)
    expect(() => fileUsageStore(directory, options)).toThrow(Object.keys(options)[0])
    expect(() => fileUsageStore('')).toThrow('directory')
  })

  it('rejects where it cannot write, and works once it can', async () => {
    await writeFile(join(directory, 'file'), '')
    const store = fileUsageStore(join(directory, 'file'))
    await expect(store.reserve(reservation('a', 60), cap)).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(store.read('p', range)).rejects.toMatchObject({ code: 'EEXIST' })
    await rm(join(directory, 'file'))
    expect(await store.reserve(reservation('a', 60), cap)).toMatchObject({ granted: true })
  })
})

describe('a line that a killed process did not finish', () => {
  it('counts for nothing, wherever it was cut, and swallows nothing', async () => {
    const line = foreign('torn', 500, processIdentity())
    // Whole but for its end of line, it counts.
    for (let length = 1; length < line.length - 1; length += 7) {
      await rm(directory, { recursive: true })
      const store = fileUsageStore(directory)
      await store.reserve(reservation('a', 60), cap)
      await appendFile(first, line.slice(0, length))
      await store.settle(reservation('a', 60), spend(50), range)
      await appendFile(first, line.slice(0, length))
      await fileUsageStore(directory).reserve(reservation('b', 60), cap)
      expect(await store.read('p', range)).toMatchObject({ reservedNanoUsd: 60, models: [spend(50)] })
      expect(await fileUsageStore(directory).read('p', range)).toMatchObject({
        reservedNanoUsd: 60,
        models: [spend(50)],
      })
    }
  })

  it('swallows nothing either where it comes between the reading and the writing of others', async () => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    let busy = true
    const killedAgainAndAgain = (async () => {
      while (busy) await appendFile(first, '{"type":"reserve","id":"x","nanoUsd":5')
    })()
    for (let i = 0; i < 100; i++) {
      await store.reserve(reservation(`r${i}`, 2), cap)
      await store.settle(reservation(`r${i}`, 2), spend(2), range)
    }
    busy = false
    await killedAgainAndAgain
    expect(await fileUsageStore(directory).read('p', range)).toMatchObject({
      reservedNanoUsd: 60,
      models: [{ calls: 100, nanoUsd: 200 }],
    })
  })

  it('is left out like any line that is none', async () => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    await appendFile(first, '\n\nnull\n"text"\n{"type":"joke"}\n{"type":"toString"}\n\u0000\u0000\n[]\n')
    await appendFile(first, Buffer.from([0xff, 0xfe, 10]))
    await appendFile(first, '{"type":"reserve","id":"x","project":"p","model":"m","day":"2026-11-21","nano')
    await store.settle(reservation('a', 60), spend(50), range)
    expect(await spent()).toBe(50)
  })

  it('is nothing to stop at where somebody cuts the file', async () => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    await truncate(first, 5)
    expect(await store.read('p', range)).toEqual({ reservedNanoUsd: 0, models: [] })
    expect(await store.reserve(reservation('b', 60), cap)).toMatchObject({ granted: true })
  })

  it('may be all that there is', async () => {
    await fileUsageStore(directory).read('p', range)
    await truncate(first)
    await appendFile(first, '{"type":"res')
    expect(await fileUsageStore(directory).reserve(reservation('a', 60), cap)).toMatchObject({ granted: true })
    expect((await fileUsageStore(directory).read('p', range)).reservedNanoUsd).toBe(60)
  })
})

describe('a reservation of a dead process', () => {
  it('is given up when its money is asked for', async () => {
    const store = fileUsageStore(directory)
    await store.read('p', range)
    await appendFile(first, foreign('dead', 900, await deadIdentity()))
    expect(await store.reserve(reservation('a', 90), cap)).toMatchObject({ granted: true })
    expect(await store.reserve(reservation('b', 800), cap)).toMatchObject({ granted: true })
    expect(await store.read('p', range)).toMatchObject({ reservedNanoUsd: 890, models: [] })
    expect(await store.reserve(reservation('c', 800), cap)).toMatchObject({ granted: false })
  })

  it('is given up when the books are read', async () => {
    await fileUsageStore(directory).read('p', range)
    await appendFile(first, foreign('dead', 900, await deadIdentity()))
    expect(await fileUsageStore(directory).read('p', range)).toMatchObject({ reservedNanoUsd: 0 })
    // What was said once need not be found out again.
    expect(await readFile(first, 'utf8')).toContain('"expire"')
  })

  it('counts as spent where that is asked for', async () => {
    await fileUsageStore(directory).read('p', range)
    await appendFile(first, foreign('dead', 900, await deadIdentity()))
    const store = fileUsageStore(directory, { abandoned: 'spend' })
    expect(await store.read('p', range)).toMatchObject({ reservedNanoUsd: 0, models: [{ model: 'm', ...spend(900) }] })
    expect(await store.reserve(reservation('b', 200), cap)).toEqual({ granted: false, usedNanoUsd: 900 })
  })

  it.each(['elsewhere/1/2', `${processIdentity().split('/')[0]}-not/${process.pid}/5`])(
    'of %s, which cannot be asked, lasts as long as any',
    async (owner) => {
      let now = Date.parse('2026-11-21T12:00:00Z')
      const store = fileUsageStore(directory, { reservationTtlMs: 60_000, now: () => now })
      await store.read('p', range)
      await appendFile(first, foreign('far', 900, owner, new Date(now).toISOString()))
      expect(await store.reserve(reservation('a', 200), cap)).toEqual({ granted: false, usedNanoUsd: 900 })
      now += 59_999
      expect(await store.reserve(reservation('b', 200), cap)).toMatchObject({ granted: false })
      now += 1
      expect(await store.reserve(reservation('c', 200), cap)).toMatchObject({ granted: true })
    },
  )

  it('that is settled after all counts for what it cost', async () => {
    let now = Date.parse('2026-11-21T12:00:00Z')
    const store = fileUsageStore(directory, { reservationTtlMs: 1, now: () => now })
    await store.reserve(reservation('slow', 900), cap)
    now += 5
    await store.reserve(reservation('a', 900), cap)
    await store.settle(reservation('slow', 900), spend(700), range)
    expect(await store.read('p', range)).toMatchObject({ models: [{ model: 'm', ...spend(700) }] })
    await store.settle(reservation('slow', 900), spend(700), range)
    expect(await spent()).toBe(700)
  })
})

describe('isProcessGone', () => {
  it('knows this process, a dead one, one whose number another has, and nothing of those elsewhere', async () => {
    expect(isProcessGone(processIdentity())).toBe(false)
    expect(isProcessGone(await deadIdentity())).toBe(true)
    expect(isProcessGone(processIdentity().replace(/[^/]+$/, '1'))).toBe(process.platform === 'linux')
    expect(isProcessGone('elsewhere/1/2')).toBe(false)
    expect(isProcessGone('')).toBe(false)
  })

  it.runIf(process.platform === 'linux')('knows a process that was killed before its parent asks', async () => {
    const script = `process.stdout.write(require('fs').readFileSync('/proc/self/stat')); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['-e', script])
    const [stat] = await once(child.stdout, 'data')
    const identity = processIdentity().replace(/\/.*/, `/${child.pid}/${String(stat).split(') ')[1]?.split(' ')[19]}`)
    expect(isProcessGone(identity)).toBe(false)
    child.kill('SIGKILL')
    // No turn of the event loop: this process does not ask.
    const since = performance.now()
    while (!isProcessGone(identity) && performance.now() - since < 5_000);
    expect(isProcessGone(identity)).toBe(true)
    await once(child, 'exit')
  })
})

describe('a file that has grown', () => {
  const files = async () => (await readdir(directory)).sort()

  /** Calls that leave an open reservation, an expired one and 300 that are settled. */
  async function fill(store = fileUsageStore(directory, { maxBytes: 5_000 })): Promise<void> {
    await store.reserve(reservation('open', 7), cap)
    for (let i = 0; i < 300; i++) {
      await store.reserve(reservation(`r${i}`, 2), cap)
      await store.settle(reservation(`r${i}`, 2), spend(2), range)
    }
  }

  it('is followed by one that begins with its sums', async () => {
    await fill()
    const names = await files()
    expect(names.length).toBeGreaterThan(10)
    const last = await readFile(join(directory, names.at(-1)!), 'utf8')
    const [sum, open] = last.split('\n').map((line) => (line ? JSON.parse(line) : undefined))
    expect(sum).toMatchObject({ type: 'sum', project: 'p', day, model: 'm' })
    expect(open).toMatchObject({ type: 'open', id: 'open', nanoUsd: 7, owner: processIdentity() })
    expect(await spent()).toBe(600)
    expect((await fileUsageStore(directory).read('p', range)).reservedNanoUsd).toBe(7)
  })

  it('goes some time after it was followed, with drafts that nobody finished', async () => {
    await fill()
    const old = await files()
    await writeFile(join(directory, 'usage-x.tmp'), '')
    await writeFile(join(directory, 'notes.txt'), '')
    for (const name of await files()) await utimes(join(directory, name), 0, 0)
    const store = fileUsageStore(directory, { maxBytes: 5_000 })
    for (let i = 0; i < 30; i++) await store.reserve(reservation(`x${i}`, 1), undefined)
    const left = await files()
    expect(left).toContain('notes.txt')
    expect(left).not.toContain('usage-x.tmp')
    expect(left).not.toContain(old[0])
    expect(left.length).toBeLessThan(6)
    expect(await spent()).toBe(600)
  })

  it('is not missed by a store that slept through all that', async () => {
    const sleeper = fileUsageStore(directory)
    await sleeper.reserve(reservation('mine', 100), cap)
    await fill()
    const names = await files()
    for (const name of names.slice(0, -1)) await rm(join(directory, name))
    expect(await sleeper.reserve(reservation('too much', 300), cap)).toEqual({ granted: false, usedNanoUsd: 707 })
    expect(await sleeper.settle(reservation('mine', 100), spend(80), range)).toBe(680)
    // Another file of the same name is not the one that it knew.
    const again = fileUsageStore(directory)
    expect(await again.settle(reservation('open', 7), spend(7), range)).toBe(687)
    expect(await sleeper.reserve(reservation('enough', 313), cap)).toMatchObject({ granted: true })
  })

  it('takes nothing more once it is sealed, and nothing that comes after is lost', async () => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    await appendFile(first, `{"type":"seal"}\n${foreign('late', 900, processIdentity())}`)
    expect(await store.settle(reservation('a', 60), spend(50), range)).toBe(50)
    expect(await files()).toEqual(['usage-000001.jsonl', 'usage-000002.jsonl'])
    expect(await fileUsageStore(directory).read('p', range)).toMatchObject({ reservedNanoUsd: 0, models: [spend(50)] })
  })

  it('is followed once, whoever notices', async () => {
    const stores = Array.from({ length: 8 }, () => fileUsageStore(directory))
    await Promise.all(stores.map((store, i) => store.reserve(reservation(`r${i}`, 60), cap)))
    await appendFile(first, '{"type":"seal"}\n')
    await Promise.all(stores.map((store, i) => store.settle(reservation(`r${i}`, 60), spend(50), range)))
    expect(await spent()).toBe(400)
    expect(await files()).toEqual(['usage-000001.jsonl', 'usage-000002.jsonl'])
  })
})

describe('what a caller has seen settled is booked, should its process end right then', () => {
  /** Settles, and says what the books hold before anything else of this process can happen. */
  function settledAtOnce(store: ReturnType<typeof fileUsageStore>): Promise<number> {
    const settling = store.settle(reservation('a', 60), spend(50), range)
    // The directory as a process that is killed here leaves it.
    const left = `${directory}-left`
    cpSync(directory, left, { recursive: true })
    return settling.then(async () => {
      const { models } = await fileUsageStore(left).read('p', range)
      await rm(left, { recursive: true })
      return models.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)
    })
  }

  it.each<[string, () => Promise<unknown>]>([
    ['nothing happens', async () => {}],
    ['another process seals the file', () => appendFile(first, '{"type":"seal"}\n')],
    ['another process has begun the next file', rotate],
    ['that one is sealed, too', () => rotate().then(() => appendFile(second(), '{"type":"seal"}\n'))],
    ['the file it knows is gone', () => rotate().then(() => rm(first))],
    ['a killed process has left half a line', () => appendFile(first, '{"type":"reserve","id":"half')],
  ])('and meanwhile %s', async (_, meanwhile) => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    await meanwhile()
    expect(await settledAtOnce(store)).toBe(50)
    expect(await spent()).toBe(50)
    expect(await fileUsageStore(directory).read('p', range)).toMatchObject({ reservedNanoUsd: 0 })
  })

  it('in any of 250 kills, while others write and begin one file after the other', async () => {
    let busy = true
    const others = Array.from({ length: 2 }, async (_, other) => {
      const store = fileUsageStore(directory, { maxBytes: 2_000 })
      for (let n = 0; busy; n++) {
        const theirs = reservation(`${other}-${n}`, 1)
        await store.reserve(theirs, undefined)
        await store.settle(theirs, spend(1), range)
      }
    })
    const store = fileUsageStore(directory, { maxBytes: 2_000 })
    const lost: number[] = []
    for (let kill = 1; kill <= 250; kill++) {
      const mine = { ...reservation(`mine-${kill}`, 9), model: 'mine' }
      await store.reserve(mine, undefined)
      // So that the others are met at each point of what they do.
      for (let turn = 0; turn < kill % 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      const settling = store.settle(mine, spend(7), range)
      const left = `${directory}-left`
      mkdirSync(left)
      // Who comes later reads the newest.
      for (const name of readdirSync(directory)
        .filter((name) => name.endsWith('l'))
        .sort()
        .slice(-3))
        cpSync(join(directory, name), join(left, name))
      const { models } = await fileUsageStore(left).read('p', range)
      if (models.find(({ model }) => model === 'mine')?.nanoUsd !== kill * 7) lost.push(kill)
      await rm(left, { recursive: true })
      await settling
    }
    busy = false
    await Promise.all(others)
    expect(lost).toEqual([])
    expect((await readdir(directory)).length).toBeGreaterThan(10)
  }, 60_000)

  function second(): string {
    return join(directory, 'usage-000002.jsonl')
  }

  async function rotate(): Promise<void> {
    await appendFile(first, '{"type":"seal"}\n')
    await fileUsageStore(directory).read('p', range)
    expect(await readdir(directory)).toContain('usage-000002.jsonl')
  }
})

describe('damaged books', () => {
  it.each([
    [
      'an amount that is none',
      '{"type":"reserve","id":"x","project":"p","model":"m","day":"2026-11-21","nanoUsd":"60"}',
    ],
    ['a sum without its parts', '{"type":"settle","id":"a","counts":{"nanoUsd":50}}'],
    ['a negative sum', JSON.stringify({ type: 'sum', project: 'p', day, model: 'm', ...spend(-500) })],
    ['a negative settlement', JSON.stringify({ type: 'settle', id: 'a', counts: spend(-500) })],
    ['a negative reservation', foreign('x', -500, 'nobody').trim()],
    ['a sum that breaks off', '{"type":"sum","project":"p","da'],
  ])('with %s are no books: nothing is granted', async (_, line) => {
    const store = fileUsageStore(directory)
    await store.reserve(reservation('a', 60), cap)
    await appendFile(first, `${line}\n`)
    for (const each of [store, fileUsageStore(directory)]) {
      const failure = expect.objectContaining({ code: 'config', message: expect.stringContaining(first) })
      await expect(each.reserve(reservation('b', 1), cap)).rejects.toEqual(failure)
      await expect(each.read('p', range)).rejects.toEqual(failure)
      await expect(each.settle(reservation('a', 60), spend(50), range)).rejects.toEqual(failure)
    }
  })

  it.each(['usage-7.jsonl', 'usage-99999999999999999999999.jsonl', 'usage-0000009.jsonl', 'usage-x.jsonl'])(
    'are not those of a stray %s',
    async (name) => {
      await fileUsageStore(directory).reserve(reservation('a', 60), cap)
      await writeFile(join(directory, name), 'x')
      const store = fileUsageStore(directory)
      expect(await store.settle(reservation('a', 60), spend(50), range)).toBe(50)
    },
  )
})
