import type { Entry } from '../../../journal/entry.ts'

/** A journal in which nothing waits for calls of sub-agents: their askers' calls have their results. */
export function withoutWaitingBelow(entries: readonly Entry[]): readonly Entry[] {
  const below = new Set(entries.flatMap((entry) => (entry.type === 'pending' && entry.session ? entry.id : [])))
  if (!below.size) return entries
  const own = new Set<string>()
  return entries.filter((entry, index) => {
    if ((entry.type === 'pending' || entry.type === 'decision') && below.has(entry.id)) return false
    if (entry.type === 'pending') own.add(entry.id)
    if (entry.type === 'decision' || entry.type === 'result') own.delete(entry.id)
    // One that waits to this day does so.
    const isLast = !entries.slice(index + 1).some(({ type }) => type === 'reply' || type === 'result')
    return entry.type !== 'turn' || entry.status !== 'waiting' || own.size > 0 || isLast
  })
}
