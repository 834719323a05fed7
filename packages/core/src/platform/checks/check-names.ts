import type { RetryOptions } from '../../client/retry-options.ts'
import { ConfigError } from '../../errors/config-error.ts'

const ofRetry: readonly string[] = [
  'maxRetries',
  'baseDelayMs',
  'maxDelayMs',
  'maxRetryAfterMs',
  'rules',
  'decide',
] satisfies (keyof RetryOptions)[]

/**
 * Refuses options that are meant to be others: misspelt ones, and those of other clients. What is like none of them may
 * be an option of a package above.
 *
 * @throws {ConfigError} naming the right one
 */
export function checkNames(given: object, known: readonly string[]): void {
  for (const name in given) {
    if (known.includes(name) || given[name as never] === undefined) continue
    if (ofRetry.includes(name)) throw new ConfigError(`${name} must be given as retry.${name}.`)
    const meant = known.find((one) => isLike(name.toLowerCase(), one.toLowerCase()))
    if (meant) throw new ConfigError(`${name} must be spelt ${meant}.`)
  }
}

function isLike(name: string, known: string): boolean {
  // As `timeout` and `defaultHeaders` are.
  if (known.startsWith(name) && name.length > 4) return true
  if (name.endsWith(known) && known.length > 4) return true
  return distance(name, known) <= Math.min(2, Math.floor(known.length / 3))
}

/** How many letters are to be added, dropped, replaced or swapped with the next to make one word of the other. */
function distance(a: string, b: string): number {
  const rows = [...Array(a.length + 1)].map((_, i) => [i, ...Array<number>(b.length).fill(0)])
  rows[0] = [...Array(b.length + 1).keys()]
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const [row, above, twoAbove] = [rows[i]!, rows[i - 1]!, rows[i - 2]]
      row[j] = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (same ? 0 : 1))
      if (swapped && twoAbove) row[j] = Math.min(row[j]!, twoAbove[j - 2]! + 1)
    }
  }
  return rows[a.length]![b.length]!
}
