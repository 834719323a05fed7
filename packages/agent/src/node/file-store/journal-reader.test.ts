import { describe, expect, it } from 'vitest'
import type { Entry } from '../../journal/entry.ts'
import { claimLine, entryLines, type LeaseHolder, releaseLine, voidLine } from './journal-line.ts'
import { type BrokenLine, createJournalReader } from './journal-reader.ts'

const holder: LeaseHolder = {
  host: 'h',
  pid: 1,
  process: 'h/1/1',
  presence: 'p',
  token: 't',
  since: '2026-11-28T00:00:00Z',
}
const at = '2026-11-28T00:00:00.000Z'
const note = (seq: number): Entry => ({ v: 1, seq, at, type: 'note', name: 'n' })
const claim = (lease: number) => claimLine(lease, holder)
const batch = (lease: number, ...numbers: number[]) => entryLines(lease, numbers.map(note))

function readAll(text: string, size = text.length || 1) {
  const broken: BrokenLine[] = []
  const reader = createJournalReader('s', (line) => broken.push(line))
  const bytes = new TextEncoder().encode(text)
  const seqs: number[] = []
  for (let at = 0; at < bytes.length; at += size) {
    for (const { entry } of reader.take(bytes.subarray(at, at + size))) seqs.push(entry.seq)
  }
  return { seqs, broken: broken.map(({ line }) => line), reader }
}

describe('a journal', () => {
  it.each<[string, string, number[], number[]]>([
    ['without anything', '', [], []],
    ['with a claim alone', claim(1), [], []],
    ['as it should be', claim(1) + batch(1, 1, 2) + batch(1, 3) + releaseLine(1), [1, 2, 3], []],
    ['whose last line is torn', `${claim(1)}${batch(1, 1)}{"v":1,"se`, [1], []],
    ['whose last line lacks its line feed', claim(1) + batch(1, 1) + batch(1, 2).trimEnd(), [1], []],
    [
      'whose last line was torn, and that was gone on with',
      `${claim(1)}${batch(1, 1)}{"v":1,"se\n${claim(2)}${batch(2, 2)}`,
      [1, 2],
      [3],
    ],
    ['with a broken line in the middle', `${claim(1)}${batch(1, 1)}garbage\n${batch(1, 3)}`, [1, 3], [3]],
    [
      'with a broken line among those that belong together',
      claim(1) + batch(1, 1, 2, 3).replace('"seq":2', '"seq"2'),
      [1, 3],
      [3],
    ],
    [
      'with a broken line at their end',
      claim(1) + batch(1, 1, 2).replace('"seq":2', '"seq"2') + batch(1, 3),
      [1, 3],
      [3],
    ],
    [
      'with some that were not written to their end',
      `${claim(1) + batch(1, 1, 2, 3).split('\n').slice(0, 2).join('\n')}\n${claim(2)}${batch(2, 1)}`,
      [1],
      [],
    ],
    [
      'with some whose writing failed',
      `${claim(1)}${batch(1, 1, 2).split('\n')[0]}\n${voidLine(1)}${batch(1, 1)}`,
      [1],
      [],
    ],
    [
      'with what a process wrote that had lost its lease',
      claim(1) + batch(1, 1) + claim(2) + batch(1, 2, 3) + batch(2, 2),
      [1, 2],
      [],
    ],
    ['that two claimed at once', claim(1) + claim(1) + batch(1, 1) + claim(2) + claim(2) + batch(2, 2), [1, 2], []],
    ['with a claim that skips one', claim(1) + claim(3) + batch(3, 1) + batch(1, 1), [1], []],
    ['with empty lines and other JSON', `\n\n${claim(1)}null\n[]\n"x"\n7\n{}\n${batch(1, 1)}`, [1], [4, 5, 6, 7, 8]],
  ])('%s is read as far as it counts, wherever it is cut', (_, text, seqs, broken) => {
    for (const size of [undefined, 1, 2, 7, 100]) {
      const { reader, ...read } = readAll(text, size)
      expect(read).toEqual({ seqs, broken })
      expect(reader.torn).toBe(!/(^|\n)$/.test(text))
    }
  })

  it('of a later release is refused, with what to do', () => {
    const line = claim(1) + batch(1, 1) + batch(1, 2).replace('"v":1', '"v":2')
    expect(() => readAll(line)).toThrow(/^Line 3 of session s is of version 2, which this release cannot read: update/)
  })

  it('keeps entries of a type that nobody knows, with all their fields', () => {
    const reader = createJournalReader('s', () => {})
    const strange = { ...note(1), type: 'later', more_of_it: { a: 1 } } as unknown as Entry
    const bytes = new TextEncoder().encode(claim(1) + entryLines(1, [strange]))
    expect(reader.take(bytes).map(({ entry }) => entry)).toEqual([strange])
  })

  it('of random lines comes to the same however its bytes are cut', () => {
    for (let seed = 0; seed < 3_000; seed++) {
      const random = mulberry(seed)
      const pick = (n: number) => Math.floor(random() * n)
      let text = ''
      for (let n = pick(12); n >= 0; n--) {
        const lease = 1 + pick(3)
        const kinds = [
          claim(lease),
          releaseLine(lease),
          voidLine(lease),
          batch(lease, 1 + pick(4)),
          batch(lease, 1 + pick(3), 2 + pick(3)),
          'x\n',
        ]
        const line = kinds[pick(kinds.length)]!
        text += pick(6) ? line : line.slice(0, pick(line.length))
      }
      const whole = readAll(text)
      const bytewise = readAll(text, 1)
      expect([bytewise.seqs, bytewise.broken]).toEqual([whole.seqs, whole.broken])
    }
  })
})

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
