import type { Entry, EntryBody, TurnEntry } from '../../../journal/entry.ts'
import type { RecordedCall } from '../recorded-calls.ts'
import { isLostSummary } from '../recorded-exchanges.ts'

/** How far a session has come along its record. */
export interface Score {
  /** The first entry that has not been written again; `undefined` at the end. */
  readonly next: Entry | undefined
  /** How the turn ended that was last to. */
  readonly ended: (Entry & TurnEntry) | undefined
  /** Takes note of what the session has written. */
  written(entries: readonly EntryBody[], lastSeq: number): void
  /** Somebody has done it, so that it will be written. */
  begin(entry: Entry): void
  isBegun(entry: Entry): boolean
  /** Passes over the next entry. */
  skip(): void
  /** Resolves when all that somebody had said, decided or noted before an entry has been begun. */
  reached(seq: number): Promise<void>
  /** Does anybody wait for what is to be said before an entry? */
  readonly isAwaited: boolean
  /** Resolves when all before an entry is written, or nothing is that could still be. */
  played(seq: number): Promise<void>
  /** Where the session has what the record has at a place. */
  placeOf(seq: number): number
}

/** @param cut calls that ended with their turn: that they began is waited for, and what is said of them then is not */
export function createScore(entries: readonly Entry[], cut: readonly RecordedCall[]): Score {
  let at = 0
  let ended: (Entry & TurnEntry) | undefined
  const begun = new Set<number>()
  const ofCut = new Set(cut.map(({ begun }) => begun?.seq))
  const isLeft = new Set(cut.map(({ result }) => result?.seq))
  /** What was written before its turn: tools that only read end in any order. */
  const ahead: { key: string; seq: number }[] = []
  const places: { recorded: number; now: number }[] = []
  let waiting: { isOver: () => boolean; go: () => void }[] = []

  function advance(): void {
    for (let entry = entries[at]; entry; entry = entries[++at]) {
      const key = keyOf(entry)
      if (key === undefined || isLeft.has(entry.seq) || (entry.type === 'intent' && !ofCut.has(entry.seq))) continue
      const found = ahead.findIndex((one) => one.key === key)
      if (found < 0) return
      pass(entry, ahead.splice(found, 1)[0]!.seq)
    }
  }

  function pass(entry: Entry, now: number): void {
    places.push({ recorded: entry.seq, now })
    if (entry.type !== 'turn') return
    ended = entry
    // What it came to beside that has its place no more.
    ahead.length = 0
  }

  /** A turn is over, whatever it did not come to. */
  function endTurn(seq: number): void {
    const end = entries.findIndex(({ type }, index) => index >= at && type === 'turn')
    if (end < 0 || entries.slice(at, end).some(({ type }) => !mayBeLeft.has(type) && keyed(type))) return
    pass(entries[end]!, seq)
    at = end + 1
  }

  function release(): void {
    for (const { isOver, go } of waiting) if (isOver()) go()
    waiting = waiting.filter(({ isOver }) => !isOver())
  }

  function until(isOver: () => boolean): Promise<void> {
    return new Promise((go) => {
      waiting.push({ isOver, go })
      release()
    })
  }

  return {
    get next() {
      return entries[at]
    },
    get ended() {
      return ended
    },
    written(list, lastSeq) {
      for (const [n, entry] of list.entries()) {
        const key = keyOf(entry)
        const seq = lastSeq - list.length + 1 + n
        if (key === undefined) continue
        ahead.push({ key, seq })
        advance()
        if (entry.type === 'turn' && ahead.length && ahead.at(-1)!.seq === seq) endTurn(seq)
        advance()
      }
      release()
    },
    begin(entry) {
      begun.add(entry.seq)
      release()
    },
    isBegun: ({ seq }) => begun.has(seq),
    skip() {
      const entry = entries[at++]
      if (entry?.type === 'turn') ended = entry
      advance()
    },
    reached: (end) => until(() => !entries.some(({ type, seq }) => said.has(type) && seq < end && !begun.has(seq))),
    get isAwaited() {
      return waiting.length > 0
    },
    async played(end) {
      // Recorded results are there at once: what has not begun by then waits for the end itself.
      for (let rounds = 0; rounds < mostRounds && (entries[at]?.seq ?? end) < end; rounds++) {
        await new Promise((resolve) => setTimeout(resolve))
      }
    },
    placeOf: (seq) => places.findLast(({ recorded }) => recorded <= seq)?.now ?? 0,
  }
}

const mostRounds = 30

/** What comes from outside, and may come at any time. */
const said = new Set<Entry['type']>(['prompt', 'decision', 'note'])

/** What a turn that was cut off may have come to, or not. */
const mayBeLeft = new Set<Entry['type']>(['result', 'pending', 'part', 'context'])

const others = new Set<Entry['type']>(['session', 'params', 'reply', 'part', 'compaction', 'rewind', 'turn'])

function keyed(type: Entry['type']): boolean {
  return others.has(type) || said.has(type) || type === 'result' || type === 'pending'
}

/** By which an entry is known again; nothing of those that say how it came to another. */
function keyOf(entry: EntryBody): string | undefined {
  const { type } = entry
  if (type === 'context') return entry.by === 'beforeTurn' ? type : undefined
  if (isLostSummary(entry)) return 'summary'
  if (type === 'intent') return `intent ${entry.call.id}`
  if (!keyed(type)) return undefined
  if (type === 'note') return `note ${entry.name}`
  return others.has(type) ? type : `${type} ${(entry as { id: string }).id}`
}
