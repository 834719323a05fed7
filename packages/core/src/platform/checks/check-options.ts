import { ConfigError } from '../../errors/config-error.ts'
import { wordDistance } from './word-distance.ts'

const longest = 100

/**
 * Refuses options that there are not, which would be passed over in silence, and names the nearest that there is. One that
 * is `undefined` is as one that is not given.
 *
 * @param where what the options are of, as `createAgent`
 * @throws {ConfigError} one is not among the known
 */
export function checkOptions(where: string, given: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.includes(name)) continue
    const shown = name.slice(0, longest)
    const [nearest] = known.map((one) => [changesTo(one, shown), one] as const).sort(([a], [b]) => a - b)
    const isLike = nearest && nearest[0] <= nearest[1].length / 2
    const advice = isLike ? `did you mean ${nearest[1]}?` : `there are ${[...known].sort().join(', ')}.`
    throw new ConfigError(`${where} has no option ${JSON.stringify(shown)}: ${advice}`)
  }
}

/** What is only the beginning of one is most like it, however much is missing. */
function changesTo(known: string, name: string): number {
  const [full, part] = [known.toLowerCase(), name.toLowerCase()]
  return part.length > 2 && full.startsWith(part) ? 0 : wordDistance(part, full)
}
