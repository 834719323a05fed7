import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildJournal, toolUse } from '../../test/journal-builder.ts'
import type { Entry } from '../journal/entry.ts'
import { memoryStore } from '../journal/memory-store.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { fileStore } from '../node/index.ts'
import { copyEntries } from './copy-entries.ts'
import { exportSession } from './export-session.ts'
import { forkEntries } from './fork-entries.ts'
import { importSession } from './import-session.ts'

async function read(store: SessionStore, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of store.read(id)) entries.push(entry)
  return entries
}

async function write(store: SessionStore, entries: readonly Entry[], id: string): Promise<void> {
  const lease = await store.open(id, { create: true })
  await lease.append(copyEntries(entries))
  await lease.release()
}

const picture = new Uint8Array([0, 10, 13, 255, 10, 10])
const id = 'mail-42'

/** A session with something of everything, of which its blobs are in the store. */
async function sample(store: SessionStore) {
  const before = await store.blobs.put(picture)
  const empty = await store.blobs.put(new Uint8Array())
  const secret = await store.blobs.put(new Uint8Array([1, 2, 3]))
  const call = toolUse('toolu_1', 'Read', { path: 'a' })
  const { entries } = buildJournal({ id, title: 'Mail' })
    .prompt(`Zeile 1\n漢 😀 \u2028 ${'x'.repeat(70_000)}`)
    .reply([call])
    .call(call, 'text')
    .add({ type: 'checkpoint', path: '/w/a', before, after: empty })
    .add({ type: 'checkpoint', path: '/w/b', before: empty, after: null })
    .reply(['Done.'])
    .turn()
    .add({ type: 'later_release', nested: [{ blob: before }] } as never)
    .prompt(secret)
    .reply([secret])
    .turn()
  await write(store, entries, id)
  return { entries, before, empty, secret }
}

describe('a session that is exported and imported', () => {
  test('is the same elsewhere, with its times, its blobs, and what this release does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'transfer-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [here, there] = [memoryStore(), fileStore(folder)]
    const { entries, before, empty } = await sample(here)
    expect(await importSession(there, await exportSession(here, id))).toBe(id)
    expect(await read(there, id)).toEqual(JSON.parse(JSON.stringify(entries)))
    expect(await there.blobs.get(before)).toEqual(picture)
    expect(await there.blobs.get(empty)).toEqual(new Uint8Array())
    // And back, as the very same file.
    expect(await exportSession(there, id)).toEqual(await exportSession(here, id))
  })

  test('brings no blob along that somebody has only written the name of', async () => {
    const [here, there] = [memoryStore(), memoryStore()]
    const { secret } = await sample(here)
    await importSession(there, await exportSession(here, id))
    expect(await there.blobs.get(secret)).toBe(undefined)
  })

  test('has no blob that the store had lost', async () => {
    const [here, lost, there] = [memoryStore(), memoryStore(), memoryStore()]
    const { entries } = await sample(here)
    await write(lost, entries, id)
    await importSession(there, await exportSession(lost, id))
    expect(await read(there, id)).toHaveLength(entries.length)
  })

  test('may have another id, and then says so itself', async () => {
    const store = memoryStore()
    await sample(store)
    expect(await importSession(store, await exportSession(store, id), { id: 'copy' })).toBe('copy')
    expect((await read(store, 'copy'))[0]).toMatchObject({ type: 'session', id: 'copy', title: 'Mail' })
  })

  test('closes the gaps that lost lines have left, and names places as they are then', () => {
    const { entries } = buildJournal().prompt('One.').turn().prompt('Two.').turn()
    entries.push({ v: 1, seq: 6, at: entries[0]!.at, type: 'rewind', to: 3, files: [] })
    entries.push({ v: 1, seq: 7, at: entries[0]!.at, type: 'compaction', upTo: 2, summary: 'S' })
    const torn = entries.filter(({ seq }) => seq !== 2)
    expect(copyEntries(torn).slice(-2)).toMatchObject([{ to: 2 }, { upTo: 1 }])
    expect(copyEntries(entries).slice(-2)).toMatchObject([{ to: 3 }, { upTo: 2 }])
  })
})

describe('a file is refused, and nothing of it is in the store:', () => {
  async function refused(file: Uint8Array, options?: { maxBytes: number }) {
    const store = memoryStore()
    const error = await importSession(store, file, options).then(
      () => undefined,
      (error) => error,
    )
    for (const name of error ? [id, 'x'] : []) await expect(read(store, name)).rejects.toThrow('no session')
    return error && `${error.code}: ${error.reason}`
  }
  const exported = async () => {
    const store = memoryStore()
    await sample(store)
    return exportSession(store, id)
  }
  const pack = (...lines: unknown[]) =>
    gzipSync(lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''))
  /** With the right checksum. */
  async function packWhole(...entries: object[]) {
    const lines = [{ enjamb: 'session', v: 1, id }, ...entries].map((line) => `${JSON.stringify(line)}\n`)
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.join('')))
    const checksum = `sha256-${Buffer.from(hash).toString('hex')}`
    return pack(...lines, { end: { entries: entries.length, checksum } })
  }
  const head = { v: 1, seq: 1, at: '2026-11-28T10:00:00.000Z', type: 'session', id: 'x', frozen: {} }

  test('one that was cut off, anywhere', async () => {
    const whole = await exported()
    const cuts = Array.from({ length: 40 }, (_, n) => Math.floor((whole.length * n) / 40))
    for (const cut of [...cuts, whole.length - 1, whole.length - 5]) {
      expect([cut, await refused(whole.subarray(0, cut))]).toEqual([cut, 'session_import: damaged'])
    }
  })

  test('one that was cut off before it was packed, after any line', async () => {
    const plain = gunzipSync(await exported())
    for (let at = plain.indexOf(10); at >= 0 && at < plain.length - 1; at = plain.indexOf(10, at + 1)) {
      expect([at, await refused(gzipSync(plain.subarray(0, at + 1)))]).toEqual([at, 'session_import: damaged'])
    }
  })

  test('one with a byte that is another', async () => {
    const whole = await exported()
    for (let at = 10; at < whole.length; at += 37) {
      const other = whole.slice()
      other[at]! ^= 16
      expect([at, await refused(other)]).toEqual([at, 'session_import: damaged'])
    }
  })

  test('one whose text or blobs are others', async () => {
    const plain = gunzipSync(await exported()).toString('latin1')
    for (const [from, to] of [
      ['Done.', 'Gone.'],
      ['\n\u0000\n\r', '\n\u0000\n\n'],
      ['"entries":', '"entries":1'],
      ['"bytes":6', '"bytes":5'],
      ['"bytes":6', '"bytes":7'],
      ['"bytes":6', '"bytes":-6'],
      ['"bytes":6', '"bytes":"6"'],
      ['😀', '\ud83d'],
    ] as const) {
      const latin = Buffer.from(from).toString('latin1')
      expect(plain).toContain(latin)
      expect([to, await refused(gzipSync(Buffer.from(plain.replace(latin, to), 'latin1')))]).toEqual([
        to,
        'session_import: damaged',
      ])
    }
    expect(await refused(gzipSync(Buffer.from(`${plain}more`, 'latin1')))).toBe('session_import: damaged')
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['a text', new Uint8Array(Buffer.from('{"v":1}'))],
    ['a packed text', gzipSync('hello\n')],
    [
      'JSON that is nested deeper than it could be written again',
      gzipSync(`${'['.repeat(200_000)}${']'.repeat(200_000)}\n`),
    ],
  ])('%s', async (_, file) => {
    expect(await refused(file)).toBe('session_import: damaged')
  })

  test('what is packed, and not as a session', async () => {
    expect(await refused(pack({ name: 'x' }))).toBe('session_import: format')
    expect(await refused(pack(null))).toBe('session_import: format')
    expect(await refused(await packWhole())).toBe('session_import: format')
    expect(await refused(await packWhole({ ...head, type: 'note' }))).toBe('session_import: format')
    expect(await refused(await packWhole(head, { ...head, type: 'note' }))).toBe('session_import: format')
    expect(await refused(await packWhole(head, { v: 1, seq: 2, at: 'x', type: 'note' }))).toBe('session_import: format')
    expect(await refused(await packWhole({ ...head, id: '../x' }))).toMatch('config')
    for (const odd of [{ type: 'reply' }, { type: 'reply', message: { usage: {} } }]) {
      const file = await packWhole(head, { v: 1, seq: 2, at: head.at, ...odd })
      expect([odd, await refused(file)]).toEqual([odd, 'session_import: format'])
    }
    expect(await refused(await packWhole(head))).toBe(undefined)
  })

  test('one of a later release, or with entries of one', async () => {
    expect(await refused(pack({ enjamb: 'session', v: 2, id }))).toBe('session_import: version')
    expect(await refused(await packWhole(head, { ...head, v: 2, seq: 2 }))).toBe('session_import: version')
  })

  test('one that holds more than it may, without unpacking the rest', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('{"enjamb":"session","v":1}\n'), Buffer.alloc(60_000_000, 32)]))
    expect(bomb.length).toBeLessThan(100_000)
    const before = process.memoryUsage().arrayBuffers
    expect(await refused(bomb, { maxBytes: 1_000_000 })).toBe('session_import: too_large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000)
    expect(await refused(await exported(), { maxBytes: 70_000 })).toBe('session_import: too_large')
    // It only says that it does.
    const claims = pack({ enjamb: 'session', v: 1 }, { blob: 'x', bytes: 2 ** 52 })
    expect(await refused(claims)).toBe('session_import: too_large')
  })

  test('one of a session that is there already, which stays as it is', async () => {
    const store = memoryStore()
    const { entries } = await sample(store)
    const file = await exportSession(store, id)
    await expect(importSession(store, file)).rejects.toMatchObject({ code: 'session_import', reason: 'exists' })
    expect(await read(store, id)).toHaveLength(entries.length)
    const lease = await store.open(id)
    await expect(importSession(store, file)).rejects.toMatchObject({ code: 'session_busy' })
    await lease.release()
  })
})

describe('a fork', () => {
  const journal = () =>
    buildJournal({ id: 'one', title: 'One' })
      .prompt('1') // 2
      .reply(['a'])
      .turn() // 4
      .prompt('2')
      .reply(['b'])
      .turn() // 7
      .prompt('3')
      .reply(['c']).entries

  test('begins with what there was, under its own id, and knows where it comes from', () => {
    const entries = journal()
    const [head, ...rest] = forkEntries(entries, { id: 'two', at: 4 })
    expect(head).toMatchObject({ type: 'session', id: 'two', title: 'One', parent: { id: 'one', seq: 4 } })
    expect(Date.parse(head!.at!)).toBeGreaterThan(Date.parse(entries[0]!.at))
    const copied = entries.slice(1, 4).map(({ v, seq, ...entry }) => entry)
    expect(rest).toEqual(copied)
  })

  test('is made after the last turn that has ended, where nothing is said', () => {
    const entries = journal()
    expect(forkEntries(entries, { id: 'two', title: 'Two' })).toMatchObject([
      { title: 'Two', parent: { seq: 7 } },
      ...Array(6).fill({}),
    ])
    expect(forkEntries(entries.slice(0, 3), { id: 'two' })).toHaveLength(1)
  })

  test('is not made while a turn was under way, or waited', () => {
    const entries = journal()
    for (const at of [0, 2, 3, 5, 8, 9, 10]) {
      expect(() => forkEntries(entries, { id: 'two', at })).toThrow(expect.objectContaining({ code: 'turn_boundary' }))
    }
    const { entries: waiting } = buildJournal().prompt('1').turn('waiting')
    expect(() => forkEntries(waiting, { id: 'two', at: 3 })).toThrow('take 1.')
  })

  test('may go on from what its session was rewound from', () => {
    const entries = journal().slice(0, 7)
    entries.push({ v: 1, seq: 8, at: entries[0]!.at, type: 'rewind', to: 4, files: [] })
    expect(forkEntries(entries, { id: 'two', at: 7 })).toHaveLength(7)
    expect(forkEntries(entries, { id: 'two', at: 8 }).at(-1)).toMatchObject({ type: 'rewind', to: 4 })
  })
})
