import { TurnBoundaryError } from '../errors/turn-boundary-error.ts'
import type { Entry } from './entry.ts'

/** Whether a turn is open after an entry, where one was, or was not, before it. One that waits for somebody is. */
export function isTurnOpen(before: boolean, entry: Entry): boolean {
  if (entry.type === 'turn') return before && entry.status === 'waiting'
  return entry.type !== 'rewind' && (before || begins(entry) || working.has(entry.type))
}

function begins(entry: Entry): boolean {
  return entry.type === 'context' || (entry.type === 'prompt' && entry.refused === undefined)
}

/** What there is only in a turn; one that has failed may go on without a prompt. */
const working: ReadonlySet<string> = /* @__PURE__ */ new Set<Entry['type']>([
  'reply',
  'part',
  'intent',
  'result',
  'pending',
  'decision',
])

/** The places of the entries after which no turn is open. */
export function turnBoundaries(entries: readonly Entry[]): number[] {
  let open = false
  return entries.flatMap((entry) => {
    open = isTurnOpen(open, entry)
    return open ? [] : [entry.seq]
  })
}

/** Of these those that the session has not been rewound from, nor gone on from within a turn: where it can be rewound to. */
export function rewindPoints(entries: readonly Entry[]): number[] {
  let open = false
  let start = 0
  const points: number[] = []
  const dropAfter = (seq: number) => {
    while (points.length && points.at(-1)! > seq) points.pop()
  }
  for (const entry of entries) {
    const before = open
    open = isTurnOpen(open, entry)
    if (entry.type === 'rewind') dropAfter(entry.to)
    else if (open && !before && begins(entry)) start = entry.seq
    else if (open && !before) dropAfter(start)
    if (!open) points.push(entry.seq)
  }
  return points
}

/**
 * @param points in their order
 * @throws {TurnBoundaryError} the place is none of them
 */
export function checkPoint(points: readonly number[], seq: number): void {
  if (points.includes(seq)) return
  const before = points.findLast((point) => point < seq)
  const after = points.find((point) => point > seq)
  const nearest = [before, after].filter((point) => point !== undefined).join(' or ')
  throw new TurnBoundaryError(
    `Entry ${seq} is in the middle of a turn, was rewound, or is not there: take ${nearest || 'another session'}.`,
    { seq, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
  )
}
