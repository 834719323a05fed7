import { ConfigError } from '@enjamb/core'
import { editDistance } from './edit-distance.ts'

/**
 * Refuses options that there are not, which would be passed over in silence, and names the nearest that there is.
 *
 * @param where what the options are of
 * @throws {ConfigError} one is not among the known
 */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const [nearest] = known
      .map((one) => ({ one, changes: editDistance(one.toLowerCase(), name.toLowerCase(), 4) }))
      .sort((a, b) => a.changes - b.changes)
    const hint = nearest && nearest.changes <= 4 ? `did you mean ${nearest.one}?` : `there are ${known.join(', ')}.`
    throw new ConfigError(`${where} has no option "${name}": ${hint}`)
  }
}
