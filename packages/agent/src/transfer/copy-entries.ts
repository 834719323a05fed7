import type { Entry, NewEntry } from '../journal/entry.ts'

/** Entries for another journal, with their times. Places that they name are those that they have there. */
export function copyEntries(entries: readonly Entry[]): NewEntry[] {
  const places = entries.map(({ seq }) => seq)
  // A place may be empty here, and is not there.
  const isWhole = places.at(-1) === places.length
  const placeOf = (seq: number) => (isWhole ? seq : countUpTo(places, seq))
  return entries.map(({ v, seq, ...entry }) => {
    if (entry.type === 'rewind') return { ...entry, to: placeOf(entry.to) }
    if (entry.type === 'compaction') return { ...entry, upTo: placeOf(entry.upTo) }
    return entry
  })
}

/** How many are no more than a limit, in a list that grows. */
function countUpTo(places: readonly number[], limit: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
