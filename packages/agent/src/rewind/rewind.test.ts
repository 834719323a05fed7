import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileAccess } from '@enjamb/tools/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildJournal } from '../../test/journal-builder.ts'
import type { CheckpointEntry } from '../journal/entry.ts'
import { memoryStore } from '../journal/memory-store.ts'
import { turnBoundaries } from '../journal/turn-boundaries.ts'
import { applyRewind } from './apply-rewind.ts'
import { planRewind } from './plan-rewind.ts'
import { recordChange } from './record-change.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

/** A folder, and a session whose turns change files in it. */
function session() {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'rewind-')))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const { blobs } = memoryStore()
  const journal = buildJournal()
  const access = createFileAccess({ cwd })
  const text = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : null)
  let known = new Map<string, CheckpointEntry>()
  const append = async (entry: CheckpointEntry) => void journal.add(entry)

  /** Written down as a tool does before it writes. */
  async function say(name: string, after: string | null) {
    const path = join(cwd, name)
    const before = existsSync(path) ? readFileSync(path) : null
    const write = async (entry: CheckpointEntry) => {
      known.set(path, entry)
      await append(entry)
    }
    const change = { path, before, after: after === null ? null : bytes(after) }
    await recordChange({ blobs, known: (path) => known.get(path), append: write }, change)
  }
  async function change(name: string, after: string | null) {
    await say(name, after)
    if (after === null) rmSync(join(cwd, name))
    else writeFileSync(join(cwd, name), after)
  }
  /** Gives the place of its end. */
  async function turn(...changes: [name: string, after: string | null][]) {
    journal.prompt('Go.')
    for (const [name, after] of changes) await change(name, after)
    journal.reply(['Done.']).turn()
    known = new Map()
    return journal.entries.length
  }
  const tools = (force = false) => ({ access, blobs, force })
  return {
    cwd,
    blobs,
    journal,
    text,
    say,
    change,
    turn,
    theirs: (name: string, content: string) => writeFileSync(join(cwd, name), content),
    plan: (to: number, force?: boolean) => planRewind(journal.entries, to, tools(force)),
    async rewind(to: number, force?: boolean) {
      const plan = await planRewind(journal.entries, to, tools(force))
      const done = await applyRewind(plan, tools(force), append)
      journal.add({ type: 'rewind', to, files: done.files.map(({ path }) => path) })
      return Object.fromEntries(done.files.map((file) => [file.path.slice(cwd.length + 1), file]))
    },
  }
}

describe('what a turn changes is written down', () => {
  test('with what the file held before the turn first changed it, kept once', async () => {
    const { turn, theirs, journal, blobs } = session()
    theirs('a', 'one')
    await turn(['a', 'two'], ['a', 'three'], ['a', 'four'], ['b', 'new'])
    const written = journal.entries.filter((entry) => entry.type === 'checkpoint')
    const [one, two, three, made] = written
    expect(written).toHaveLength(4)
    expect(Buffer.from((await blobs.get(one!.before!))!).toString()).toBe('one')
    expect([two?.before, three?.before, made?.before]).toEqual([one?.before, one?.before, null])
    // What it was in between is nobody's to have back.
    for (const { after } of written) expect(await blobs.get(after!)).toBe(undefined)
  })

  test('and so is what somebody else made of it in between', async () => {
    const { change, theirs, journal, blobs } = session()
    journal.prompt('Go.')
    await change('a', 'one')
    theirs('a', 'theirs')
    await change('a', 'two')
    const last = journal.entries.at(-1) as CheckpointEntry
    expect(Buffer.from((await blobs.get(last.before!))!).toString()).toBe('theirs')
  })

  test('but not what stays as it is', async () => {
    const { turn, theirs, journal } = session()
    theirs('a', 'one')
    await turn(['a', 'one'])
    expect(journal.entries.map(({ type }) => type)).not.toContain('checkpoint')
  })
})

describe('a rewind', () => {
  test('puts back what files held, removes those that were made, makes those that were removed', async () => {
    const { turn, theirs, rewind, text } = session()
    theirs('a', 'one')
    theirs('c', 'gone')
    const to = await turn(['a', 'two'])
    await turn(['a', 'three'], ['b', 'new'])
    await turn(['a', 'four'], ['c', null])
    expect(await rewind(to)).toMatchObject({
      a: { change: 'restored' },
      b: { change: 'removed', content: null },
      c: { change: 'restored' },
    })
    expect([text('a'), text('b'), text('c')]).toEqual(['two', null, 'gone'])
  })

  test('to the beginning of the session takes back all of it', async () => {
    const { turn, theirs, rewind, text } = session()
    theirs('a', 'one')
    await turn(['a', 'two'])
    await turn(['b', 'new'])
    await rewind(1)
    expect([text('a'), text('b')]).toEqual(['one', null])
  })

  test('is shown before it is made, and nothing is touched', async () => {
    const { turn, theirs, plan, text, journal, blobs } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'])
    const before = journal.entries.length
    const { files } = await plan(to)
    expect(files).toMatchObject([{ change: 'restored', path: expect.stringMatching(/\/a$/) }])
    expect(Buffer.from((await blobs.get(files[0]!.content!))!).toString()).toBe('one')
    expect(text('a')).toBe('two')
    expect(journal.entries).toHaveLength(before)
  })

  test('leaves what somebody else has changed since, unless it is forced', async () => {
    const { turn, theirs, rewind, text, blobs } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'], ['b', 'new'])
    theirs('a', 'theirs')
    expect(await rewind(to)).toMatchObject({
      a: { change: 'kept', conflict: 'changed', reason: expect.stringContaining('after the session last did') },
      b: { change: 'removed' },
    })
    expect([text('a'), text('b')]).toEqual(['theirs', null])
    const { a } = await rewind(to, true)
    expect(text('a')).toBe('one')
    // Theirs is not lost.
    expect(Buffer.from((await blobs.get(a!.now!))!).toString()).toBe('theirs')
  })

  test('leaves what somebody else changed between two changes of ours', async () => {
    const { turn, theirs, rewind, text } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'])
    theirs('a', 'theirs')
    await turn(['a', 'theirs and ours'])
    expect(await rewind(to)).toMatchObject({
      a: { change: 'kept', conflict: 'changed', reason: expect.stringContaining('between') },
    })
    expect(text('a')).toBe('theirs and ours')
  })

  test('does not mind a file that is already what it was', async () => {
    const { turn, theirs, rewind, journal } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'])
    theirs('a', 'one')
    const before = journal.entries.length
    expect(await rewind(to)).toMatchObject({ a: { change: 'unchanged' } })
    expect(journal.entries).toHaveLength(before + 1)
  })

  test('takes a change that was written down and not made for ours, as where the process was killed in between', async () => {
    const { turn, theirs, rewind, text, say, change, journal } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'])
    journal.prompt('Go.')
    await change('a', 'three')
    await say('a', 'four')
    expect(await rewind(to)).toMatchObject({ a: { change: 'restored' } })
    expect(text('a')).toBe('one')
  })

  test('that was broken off in the middle is made by doing it again', async () => {
    const { turn, theirs, plan, rewind, text, journal, blobs, cwd } = session()
    for (const name of ['a', 'b', 'c']) theirs(name, 'one')
    const to = await turn()
    await turn(['a', 'two'], ['b', 'two'], ['c', 'two'])
    let left = 2
    const append = async (entry: CheckpointEntry) => {
      if (!left--) throw new Error('killed')
      journal.add(entry)
    }
    const tools = { access: createFileAccess({ cwd }), blobs }
    await expect(applyRewind(await plan(to), tools, append)).rejects.toThrow('killed')
    expect([text('a'), text('b'), text('c')]).toEqual(['one', 'one', 'two'])
    expect(await rewind(to)).toMatchObject({ a: { change: 'unchanged' }, c: { change: 'restored' } })
    expect([text('a'), text('b'), text('c')]).toEqual(['one', 'one', 'one'])
  })

  test('goes on from an earlier one, and further back', async () => {
    const { turn, theirs, rewind, text } = session()
    theirs('a', 'one')
    const first = await turn()
    const second = await turn(['a', 'two'])
    await turn(['a', 'three'])
    await rewind(second)
    await turn(['a', 'another three'])
    await rewind(first)
    expect(text('a')).toBe('one')
  })

  test('that was forced over what others wrote is no change of theirs to a later one', async () => {
    const { turn, theirs, rewind, text } = session()
    theirs('a', 'one')
    const first = await turn()
    const second = await turn(['a', 'two'])
    await turn(['a', 'three'])
    theirs('a', 'theirs')
    await rewind(second, true)
    expect(await rewind(first)).toMatchObject({ a: { change: 'restored' } })
    expect(text('a')).toBe('one')
  })

  test('does not write what somebody writes while it is under way', async () => {
    const { turn, theirs, plan, text, blobs, cwd } = session()
    theirs('a', 'one')
    const to = await turn()
    await turn(['a', 'two'])
    const planned = await plan(to)
    const tools = { access: createFileAccess({ cwd }), blobs }
    const append = async () => theirs('a', 'theirs')
    const late = await applyRewind(planned, tools, append)
    expect(late.files).toMatchObject([{ change: 'kept', reason: expect.stringContaining('somebody else just now') }])
    expect(text('a')).toBe('theirs')
    const later = await applyRewind(planned, tools, async () => expect.unreachable())
    expect(later.files).toMatchObject([{ change: 'kept', conflict: 'changed' }])
  })

  test('says which files cannot be put back, and puts back the others', async () => {
    const { turn, theirs, rewind, text, journal, cwd } = session()
    for (const name of ['a', 'b', 'd']) theirs(name, 'one')
    const to = await turn()
    await turn(['a', 'two'], ['b', 'two'], ['d', 'two'])
    chmodSync(join(cwd, 'a'), 0o444)
    rmSync(join(cwd, 'd'))
    mkdirSync(join(cwd, 'd'))
    journal.prompt('Go.')
    journal.add({ type: 'checkpoint', path: '/etc/hostname', before: null, after: `sha256-${'0'.repeat(64)}` })
    journal.add({ type: 'checkpoint', path: join(cwd, 'e'), before: `sha256-${'1'.repeat(64)}`, after: null })
    journal.turn()
    const outcome = await rewind(to, true)
    expect(outcome).toMatchObject({
      a: { change: 'kept', conflict: 'unavailable', reason: expect.stringContaining('read-only') },
      b: { change: 'restored' },
      d: { change: 'kept', conflict: 'unavailable', reason: expect.stringContaining('folder') },
      e: { change: 'kept', conflict: 'unavailable', reason: expect.stringContaining('no longer in the store') },
    })
    expect(Object.values(outcome).find(({ path }) => path === '/etc/hostname')).toMatchObject({
      change: 'kept',
      reason: expect.stringContaining('outside'),
    })
    expect([text('a'), text('b')]).toEqual(['two', 'one'])
  })
})

describe('where a session can be rewound to', () => {
  test('is where no turn was open; else the nearest are named', async () => {
    const { journal, plan } = session()
    journal.prompt('One.').reply(['1']).turn() // 2 3 4
    journal.prompt('Two.').reply(['2']).turn('waiting').reply(['2']).turn() // 5 6 7 8 9
    journal.prompt('Three.') // 10
    for (const to of [1, 4, 9]) expect(await plan(to)).toEqual({ to, files: [] })
    const wrong = [
      { seq: 0, after: 1 },
      { seq: 2, before: 1, after: 4 },
      { seq: 7, before: 4, after: 9 },
      { seq: 8, before: 4, after: 9 },
      { seq: 10, before: 9 },
      { seq: 99, before: 9 },
    ]
    for (const nearest of wrong) {
      const error = await plan(nearest.seq).catch((error) => error)
      expect(error).toMatchObject({ name: 'TurnBoundaryError', code: 'turn_boundary' })
      expect({ ...error }).toMatchObject(nearest)
      expect([error.before, error.after]).toEqual([nearest.before, nearest.after])
    }
    await expect(plan(7)).rejects.toThrow('take 4 or 9.')
  })

  test('is where a prompt was refused, and not between a prompt and what a hook put before it', async () => {
    const { journal, plan } = session()
    journal.add({ type: 'prompt', id: 'p', content: 'No.', refused: 'no' }).turn('refused') // 2 3
    journal.add({ type: 'context', content: 'By the way.', by: 'prompt' }).prompt('One.').reply(['1']).turn() // 4 5 6 7
    for (const to of [1, 2, 3, 7]) expect(await plan(to)).toMatchObject({ to })
    for (const to of [4, 5, 6]) await expect(plan(to)).rejects.toMatchObject({ before: 3, after: 7 })
  })

  test('is not where a turn failed that then went on', async () => {
    const { journal, plan } = session()
    journal.prompt('One.').turn() // 2 3
    journal.prompt('Two.').turn('failed').add({ type: 'note', name: 'n' }) // 4 5 6
    for (const to of [3, 5, 6]) expect(await plan(to)).toMatchObject({ to })
    journal.reply(['2']) // 7
    await expect(plan(5)).rejects.toMatchObject({ before: 3 })
    journal.turn() // 8
    for (const to of [5, 6, 7]) await expect(plan(to)).rejects.toMatchObject({ before: 3, after: 8 })
    expect(turnBoundaries(journal.entries)).toEqual([1, 3, 5, 6, 8])
  })

  test('is nothing that was rewound itself', async () => {
    const { journal, plan } = session()
    journal.prompt('One.').turn() // 2 3
    journal.prompt('Two.').turn() // 4 5
    journal.add({ type: 'rewind', to: 3, files: [] }) // 6
    journal.prompt('Three.').turn() // 7 8
    for (const to of [1, 3, 6, 8]) expect(await plan(to)).toMatchObject({ to })
    await expect(plan(5)).rejects.toMatchObject({ before: 3, after: 6 })
  })
})
