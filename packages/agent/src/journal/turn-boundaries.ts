import { TurnBoundaryError } from '../errors/turn-boundary-error.ts'
import type { Entry } from './entry.ts'

/** Whether a turn is open after an entry, where one was, or was not, before it. One that waits for somebody is. */
export function isTurnOpen(before: boolean, entry: Entry): boolean {
  if (entry.type === 'turn') return before && entry.status === 'waiting'
  return opening.has(entry.type) || (before && entry.type !== 'rewind')
}

/** The places of the entries after which no turn is open. */
export function turnBoundaries(entries: readonly Entry[]): number[] {
  let open = false
  return entries.flatMap((entry) => {
    open = isTurnOpen(open, entry)
    return open ? [] : [entry.seq]
  })
}

/** What begins a turn, or takes one up that has failed. */
const opening = new Set<string>(['prompt', 'reply', 'part', 'intent', 'result'])

/** Of these those that the session has not been rewound from: where it can be rewound to. */
export function rewindPoints(entries: readonly Entry[]): number[] {
  let open = false
  const points: number[] = []
  for (const entry of entries) {
    open = isTurnOpen(open, entry)
    if (entry.type === 'rewind') while (points.length && points.at(-1)! > entry.to) points.pop()
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
