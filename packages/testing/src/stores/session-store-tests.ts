import { collect, expectError, expectSame } from './expectations.ts'
import type { TestedEntry, TestedLease, TestedStore } from './tested-store.ts'

/** One thing that a store has to do; `run` rejects where it does not. */
export interface StoreTest {
  name: string
  run(): Promise<void>
}

/**
 * What holds of every store of sessions, for the tests of one of your own.
 *
 * @param makeStore gives a store; the same name twice, two stores on the same sessions, as two processes have them
 * @example
 * for (const { name, run } of sessionStoreTests((name) => myStore(`/tmp/${name}`))) test(name, run)
 */
export function sessionStoreTests(makeStore: (name: string) => TestedStore | Promise<TestedStore>): StoreTest[] {
  const cases: [name: string, run: (store: TestedStore, other: TestedStore) => Promise<void>][] = [
    ['a session that does not exist is neither opened nor read', unknownSession],
    ['an id that would be a path is refused', badIds],
    ['entries come back as they were, numbered from 1, with their time', roundTrip],
    ['an entry that brings its time along keeps it', ownTime],
    ['an entry of any content and of an unknown type comes back as it was', oddContent],
    ['reading begins after the entry that is named', readAfter],
    ['one writes at a time, and is named to the others', oneWriter],
    ['of many who open a session at once one does', race],
    ['what is appended after the lease was given back is not there', appendAfterRelease],
    ['many appends at once are each whole, in the order in which they were asked for', manyAppends],
    ['nothing appended is nothing', emptyAppend],
    ['who reads while another writes gets a beginning without a gap', readWhileWriting],
    ['a follower gets what is there and what comes, each once, also after it came back', follow],
    ['sessions are listed, the last changed first', list],
    ['a session that was deleted is gone, and one that is written is not deleted', remove],
    ['bytes are kept by their content', blobs],
  ]
  return cases.map(([name, run]) => ({
    name,
    async run() {
      const storage = crypto.randomUUID()
      await run(await makeStore(storage), await makeStore(storage))
    },
  }))
}

const note = (n: number) => ({ type: 'note', name: 'n', data: n })
const numbers = (entries: TestedEntry[]) => entries.map((entry) => (entry as unknown as { data: number }).data)
const seqs = (entries: TestedEntry[]) => entries.map(({ seq }) => seq)

async function write(store: TestedStore, id: string, ...batches: unknown[][]): Promise<void> {
  const lease = await store.open(id, { create: true })
  for (const batch of batches) await lease.append(batch)
  await lease.release()
}

async function unknownSession(store: TestedStore): Promise<void> {
  await expectError(store.open('s'), 'session_not_found', 'open of a session that does not exist')
  await expectError(collect(store.read('s')), 'session_not_found', 'read of a session that does not exist')
}

async function badIds(store: TestedStore): Promise<void> {
  for (const id of ['', '.', '..', '.hidden', '../s', 'a/b', 'a\\b', 'a\0', 'a b', 'x'.repeat(129)]) {
    await expectError(store.open(id, { create: true }), 'config', `open of ${JSON.stringify(id)}`)
  }
}

async function roundTrip(store: TestedStore, other: TestedStore): Promise<void> {
  const before = Date.now()
  const lease = await store.open('s', { create: true })
  expectSame(await lease.append([note(1), note(2)]), 2, 'what append gives')
  expectSame(await lease.append([note(3)]), 3, 'what append gives')
  for (const reader of [store, other]) {
    const entries = await collect(reader.read('s'))
    expectSame(seqs(entries), [1, 2, 3], 'the places')
    expectSame(numbers(entries), [1, 2, 3], 'the entries')
    for (const { v, at } of entries) {
      expectSame(v, 1, 'v')
      const time = Date.parse(at)
      expectSame(at.endsWith('Z') && time >= before - 1_000 && time <= Date.now() + 1_000, true, `the time ${at}`)
    }
  }
  await lease.release()
  const again = await other.open('s')
  expectSame(await again.append([note(4)]), 4, 'what append gives to who goes on')
  await again.release()
}

async function ownTime(store: TestedStore, other: TestedStore): Promise<void> {
  const at = '2025-02-03T04:05:06.789Z'
  await write(store, 's', [{ ...note(1), at }, note(2)])
  const [first, second] = await collect(other.read('s'))
  expectSame(first?.at, at, 'the time')
  expectSame(Date.parse(second!.at) > Date.parse(at), true, 'that the next has one of its own')
}

async function oddContent(store: TestedStore): Promise<void> {
  const data = [
    'line\nfeed\r\n\u2028 \u0000',
    '🚂 \ud800 half',
    'x'.repeat(300_000),
    JSON.parse('{"__proto__":{"a":1},"constructor":1}'),
    null,
    { deep: [[[[{}]]]] },
  ]
  await write(store, 's', [{ type: 'from_the_future', data }])
  const [entry] = (await collect(store.read('s'))) as unknown as { type: string; data: unknown }[]
  expectSame(entry?.type, 'from_the_future', 'the type')
  expectSame(entry?.data, data, 'the content')
}

async function readAfter(store: TestedStore): Promise<void> {
  await write(store, 's', [note(1), note(2)], [note(3)])
  expectSame(seqs(await collect(store.read('s', 1))), [2, 3], 'what is read after 1')
  expectSame(seqs(await collect(store.read('s', 3))), [], 'what is read after the last')
}

async function oneWriter(store: TestedStore, other: TestedStore): Promise<void> {
  const lease = await store.open('s', { create: true, owner: 'the first' })
  for (const second of [store, other]) {
    const error = await expectError(second.open('s', { create: true }), 'session_busy', 'a second open')
    const { owner, since } = Object(error.holder)
    expectSame(owner, 'the first', 'the owner in the error')
    expectSame(since instanceof Date, true, 'that the error has a date')
  }
  await lease.append([note(1)])
  await lease.release()
  await lease.release()
  const next = await other.open('s')
  await next.append([note(2)])
  await next.release()
  expectSame(numbers(await collect(store.read('s'))), [1, 2], 'the entries')
}

async function race(store: TestedStore, other: TestedStore): Promise<void> {
  const opened = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).open('s', { create: true })),
  )
  const leases = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expectSame(leases.length, 1, 'the number of those who have the session')
  for (const result of opened) {
    if (result.status === 'rejected') await expectError(Promise.reject(result.reason), 'session_busy', 'the others')
  }
  await leases[0]!.append([note(1)])
  await leases[0]!.release()
}

async function appendAfterRelease(store: TestedStore, other: TestedStore): Promise<void> {
  const lease = await store.open('s', { create: true })
  const [first] = await Promise.all([lease.append([note(1)]), lease.release()])
  expectSame(first, 1, 'what was asked for before')
  await expectError(lease.append([note(2)]), 'session_lost', 'an append after the release')
  expectSame(lease.lost.aborted, true, 'that the lease is lost')
  expectSame(numbers(await collect(other.read('s'))), [1], 'the entries')
}

async function manyAppends(store: TestedStore, other: TestedStore): Promise<void> {
  const lease = await store.open('s', { create: true })
  const sizes = Array.from({ length: 50 }, (_, n) => (n % 3) + 1)
  let at = 0
  const given = await Promise.all(sizes.map((size) => lease.append(Array.from({ length: size }, () => note(at++)))))
  let sum = 0
  expectSame(given, sizes.map((size) => (sum += size)), 'what the appends give') // biome-ignore format: one thing
  const entries = await collect(other.read('s'))
  expectSame(numbers(entries), Array.from({ length: at }, (_, n) => n), 'the entries') // biome-ignore format: one thing
  expectSame(seqs(entries), Array.from({ length: at }, (_, n) => n + 1), 'the places') // biome-ignore format: one thing
  await lease.release()
}

async function emptyAppend(store: TestedStore): Promise<void> {
  const lease = await store.open('s', { create: true })
  expectSame(await lease.append([]), 0, 'what append gives')
  await lease.append([note(1)])
  expectSame(await lease.append([]), 1, 'what append gives')
  expectSame(seqs(await collect(store.read('s'))), [1], 'the places')
  await lease.release()
}

async function readWhileWriting(store: TestedStore, other: TestedStore): Promise<void> {
  const lease = await store.open('s', { create: true })
  await lease.append([note(0)])
  const writing = (async () => {
    for (let n = 1; n < 40; n++) await lease.append([note(n), note(n)])
  })()
  for (let n = 0; n < 10; n++) {
    const read = seqs(await collect(other.read('s')))
    expectSame(read, read.map((_, at) => at + 1), 'the places') // biome-ignore format: one thing
  }
  await writing
  await lease.release()
}

async function follow(store: TestedStore, other: TestedStore): Promise<void> {
  if (!other.follow) return
  const lease = await store.open('s', { create: true })
  await lease.append([note(1)])
  const seen: number[] = []
  for (let visit = 0; visit < 5; visit++) {
    const controller = new AbortController()
    const writing = appendSlowly(lease, 10)
    const until = seen.length + 8
    for await (const { seq } of other.follow('s', seen.at(-1) ?? 0, controller.signal)) {
      seen.push(seq)
      if (seen.length === until) controller.abort()
    }
    await writing
  }
  expectSame(seen, seen.map((_, at) => at + 1), 'the places that a follower saw') // biome-ignore format: one thing
  // Left while nothing comes, it ends.
  const controller = new AbortController()
  const last = (await lease.append([note(2)])) - 1
  for await (const _ of other.follow('s', last, controller.signal)) queueMicrotask(() => controller.abort())
  await lease.release()
}

async function appendSlowly(lease: TestedLease, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await lease.append([note(n)])
}

async function list(store: TestedStore, other: TestedStore): Promise<void> {
  if (!other.list) return
  expectSame(await collect(other.list()), [], 'an empty store')
  const parent = { id: 'b', seq: 1 }
  for (const [id, more] of [
    ['a', { title: 'A' }],
    ['b', {}],
    ['c', { parent }],
  ] as const) {
    // biome-ignore format: a table
    await write(store, id, [{ type: 'session', id, frozen: { model: 'm', max_tokens: 1 }, ...more }])
    // Times may be no finer than this.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await write(store, 'a', [note(1)])
  const infos = await collect(other.list())
  expectSame(infos.map(({ id, title }) => [id, title ?? null]), [['a', 'A'], ['c', null], ['b', null]], 'the list') // biome-ignore format: one thing
  expectSame(infos.every(({ createdAt, updatedAt }) => createdAt <= updatedAt), true, 'the order of the times') // biome-ignore format: one thing
  expectSame((await collect(other.list({ limit: 1 }))).length, 1, 'a list of one')
  expectSame((await collect(other.list({ parent: 'b' }))).map(({ id }) => id), ['c'], 'the children') // biome-ignore format: one thing
}

async function remove(store: TestedStore, other: TestedStore): Promise<void> {
  if (!other.delete) return
  await other.delete('s')
  const lease = await store.open('s', { create: true })
  await lease.append([note(1)])
  await expectError(other.delete('s'), 'session_busy', 'to delete a session that is written')
  await lease.release()
  await other.delete('s')
  await expectError(collect(store.read('s')), 'session_not_found', 'read of a session that was deleted')
  await write(store, 's', [note(2)])
  expectSame(numbers(await collect(other.read('s'))), [2], 'the entries of a new session of that id')
}

async function blobs(store: TestedStore, other: TestedStore): Promise<void> {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => n % 251)
  const id = await store.blobs.put(bytes)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  expectSame(id, `sha256-${hex}`, 'the id')
  expectSame(await other.blobs.put(bytes), id, 'the id of the same bytes')
  expectSame([...((await other.blobs.get(id)) ?? [])], [...bytes], 'the bytes')
  for (const unknown of [`sha256-${'0'.repeat(64)}`, '../s', '', 'sha256-/../../../etc/passwd']) {
    expectSame((await store.blobs.get(unknown)) ?? null, null, `the blob ${unknown}`)
  }
  expectSame([...((await other.blobs.get(await store.blobs.put(new Uint8Array()))) ?? [1])], [], 'no bytes')
}
