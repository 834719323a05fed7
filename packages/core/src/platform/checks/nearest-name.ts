import { wordDistance } from './word-distance.ts'

/** The name that is most like one that there is not; `undefined` where none is like it. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known.map((one) => [changesTo(one, name), one] as const).sort(([a], [b]) => a - b)
  return nearest && nearest[0] <= nearest[1].length / 2 ? nearest[1] : undefined
}

/** What is only the beginning of one is most like it, however much is missing. */
function changesTo(known: string, name: string): number {
  const [full, part] = [known.toLowerCase(), name.toLowerCase()]
  return part.length > 2 && full.startsWith(part) ? 0 : wordDistance(part, full)
}
