import type { Entry } from '../../journal/entry.ts'

/** Who holds a lease, as its line in the journal says. */
export interface LeaseHolder {
  owner?: string | undefined
  host: string
  pid: number
  /** The process among all that could share the file. */
  process: string
  /** The file that shows that it lives. */
  presence: string
  /** This lease among all that the process has had. */
  token: string
  since: string
}

/** A line of a journal's file. The number of its lease is on each. */
export type JournalLine =
  /** Somebody takes over: it counts where it is the next number, and then no line of an earlier lease does. */
  | { kind: 'claim'; lease: number; holder: LeaseHolder }
  | { kind: 'release'; lease: number }
  /** What was begun and not finished before this line is not there. */
  | { kind: 'void'; lease: number }
  /** `more` entries follow that were written with this one. */
  | { kind: 'entry'; lease: number; more: number; entry: Entry }
  /** Written by a later release. */
  | { kind: 'future'; v: unknown }
  | { kind: 'broken' }

export function parseLine(text: string): JournalLine {
  let line: Record<string, unknown>
  try {
    line = Object(JSON.parse(text))
  } catch {
    return { kind: 'broken' }
  }
  const { lease, more = 0, holder, release, void: isVoid, ...entry } = line
  if (typeof lease !== 'number') return { kind: 'broken' }
  if (holder) return { kind: 'claim', lease, holder: holder as LeaseHolder }
  if (release) return { kind: 'release', lease }
  if (isVoid) return { kind: 'void', lease }
  if (entry.v !== 1) return { kind: 'future', v: entry.v }
  if (typeof entry.seq !== 'number' || typeof entry.type !== 'string') return { kind: 'broken' }
  return { kind: 'entry', lease, more: Number(more), entry: entry as unknown as Entry }
}

export const claimLine = (lease: number, holder: LeaseHolder) => `${JSON.stringify({ lease, holder })}\n`
export const releaseLine = (lease: number) => `${JSON.stringify({ lease, release: true })}\n`
export const voidLine = (lease: number) => `${JSON.stringify({ lease, void: true })}\n`

/** Entries that count together or not at all. What a person looks for stands first. */
export function entryLines(lease: number, entries: readonly Entry[]): string {
  return entries
    .map((entry, n) => {
      const more = entries.length - 1 - n
      return `${JSON.stringify({ ...entry, lease, ...(more && { more }) })}\n`
    })
    .join('')
}
