import { ConfigError } from '../../errors/config-error.ts'
import { nearestName } from './nearest-name.ts'

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
    const nearest = nearestName(shown, known)
    const advice = nearest ? `did you mean ${nearest}?` : `there are ${[...known].sort().join(', ')}.`
    throw new ConfigError(`${where} has no option ${JSON.stringify(shown)}: ${advice}`)
  }
}
