import type { Entry, NewEntry } from '../journal/entry.ts'
import { checkPoint, turnBoundaries } from '../journal/turn-boundaries.ts'
import { copyEntries } from './copy-entries.ts'

/** The session that is to be made of another. */
export interface ForkOptions {
  /** Of the new session. */
  id: string
  /** After which entry. Default the last one after which no turn was open. */
  at?: number | undefined
  /** Default that of the other. */
  title?: string | undefined
}

/**
 * What the journal of a fork begins with: all that there was up to an entry, under a new id. No call is open in it, so that
 * none is made in both.
 *
 * @throws {TurnBoundaryError} a turn was under way at that entry
 */
export function forkEntries(entries: readonly Entry[], { id, at, title }: ForkOptions): NewEntry[] {
  const points = turnBoundaries(entries)
  const seq = at ?? points.at(-1) ?? 0
  checkPoint(points, seq)
  return copyEntries(entries.filter((entry) => entry.seq <= seq)).map((entry) => {
    if (entry.type !== 'session') return entry
    const parent = { id: entry.id, seq }
    return { ...entry, id, parent, at: new Date().toISOString(), ...(title !== undefined && { title }) }
  })
}
