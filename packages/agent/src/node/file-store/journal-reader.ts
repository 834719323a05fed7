import { JournalError } from '../../errors/journal-error.ts'
import type { Entry } from '../../journal/entry.ts'
import { type LeaseHolder, parseLine } from './journal-line.ts'

/** A line that is no entry and nothing else that belongs there. */
export interface BrokenLine {
  sessionId: string
  /** From 1. */
  line: number
  /** Its first 200 characters. */
  excerpt: string
}

/** An entry, and the number of the lease that it was written under. */
export interface LeasedEntry {
  entry: Entry
  lease: number
}

/** What a journal's bytes come to, as far as they were taken. All who read the same bytes come to the same. */
export interface JournalReader {
  /** Takes the next bytes, cut anywhere, and gives the entries that are complete with them. */
  take(bytes: Uint8Array): LeasedEntry[]
  /** The newest lease. */
  readonly lease: number
  /** Who has it; nobody where it was given back. */
  readonly holder: LeaseHolder | undefined
  readonly lastSeq: number
  /** How many bytes were taken. */
  readonly offset: number
  /** The bytes end inside a line. */
  readonly torn: boolean
}

/**
 * Reads lines in the order in which the system put them, which decides: a line that a process wrote when another had
 * already taken over is not part of the journal, whenever it was written.
 *
 * @throws {JournalError} from `take`: a later release wrote the journal
 */
export function createJournalReader(sessionId: string, onBroken: (line: BrokenLine) => void): JournalReader {
  const decoder = new TextDecoder()
  // The pieces of a line whose end has not come: joined once, however long it is.
  let rest: string[] = []
  let number = 0
  let lease = 0
  let holder: LeaseHolder | undefined
  let lastSeq = 0
  let offset = 0
  // Of entries that were written together, those before the last one.
  let begun: Entry[] = []
  let expected = -1

  function drop(): void {
    begun = []
    expected = -1
  }

  function commit(): LeasedEntry[] {
    const entries = begun.map((entry) => ({ entry, lease }))
    lastSeq = begun.at(-1)?.seq ?? lastSeq
    drop()
    return entries
  }

  function takeLine(text: string): LeasedEntry[] {
    number++
    if (!text) return []
    const line = parseLine(text)
    if (line.kind === 'future') {
      throw new JournalError(
        `Line ${number} of session ${sessionId} is of version ${line.v}, which this release cannot read: update @enjamb/agent.`,
        { sessionId, line: number },
      )
    }
    if (line.kind === 'broken') {
      onBroken({ sessionId, line: number, excerpt: text.slice(0, 200) })
      // Perhaps one of those that were written together: the others stay.
      if (expected >= 0) expected--
      return []
    }
    if (line.kind === 'claim') {
      if (line.lease !== lease + 1) return []
      drop()
      lease = line.lease
      holder = line.holder
      return []
    }
    if (line.lease !== lease) return []
    if (line.kind === 'release') {
      holder = undefined
      return []
    }
    if (line.kind === 'void') {
      drop()
      return []
    }
    // What was begun is complete where its last line is the one that broke.
    const complete = expected === -1 && begun.length ? commit() : []
    if (begun.length && line.more !== expected) drop()
    begun.push(line.entry)
    expected = line.more - 1
    return line.more ? complete : [...complete, ...commit()]
  }

  return {
    take(bytes) {
      offset += bytes.length
      const [first, ...others] = decoder.decode(bytes, { stream: true }).split('\n')
      if (first) rest.push(first)
      if (!others.length) return []
      const last = others.pop()!
      const lines = [rest.join(''), ...others]
      rest = last ? [last] : []
      return lines.flatMap(takeLine)
    },
    get lease() {
      return lease
    },
    get holder() {
      return holder
    },
    get lastSeq() {
      return lastSeq
    },
    get offset() {
      return offset
    },
    get torn() {
      return rest.length > 0
    },
  }
}
