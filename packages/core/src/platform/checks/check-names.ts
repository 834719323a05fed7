import type { RetryOptions } from '../../client/retry-options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { wordDistance } from './word-distance.ts'

const ofRetry: readonly string[] = [
  'maxRetries',
  'baseDelayMs',
  'maxDelayMs',
  'maxRetryAfterMs',
  'rules',
  'decide',
] satisfies (keyof RetryOptions)[]

/** Names that were found to be like none of a list: each request of a run of tools has the same ones again. */
const others = new WeakMap<readonly string[], Set<string>>()

/** As many as there may be in a program's own text. */
const mostOthers = 1_000

/**
 * Refuses options that are meant to be others: misspelt ones, and those of other clients. What is like none of them may
 * be an option of a package above.
 *
 * @throws {ConfigError} naming the right one
 */
export function checkNames(given: object, known: readonly string[]): void {
  const passed = others.get(known) ?? new Set()
  others.set(known, passed)
  for (const name in given) {
    if (known.includes(name) || passed.has(name) || given[name as never] === undefined) continue
    if (ofRetry.includes(name)) throw new ConfigError(`${name} must be given as retry.${name}.`)
    const meant = known.find((one) => isLike(name.toLowerCase(), one.toLowerCase()))
    if (meant) throw new ConfigError(`${name} must be spelt ${meant}.`)
    if (passed.size < mostOthers) passed.add(name)
  }
}

function isLike(name: string, known: string): boolean {
  // As `timeout` and `defaultHeaders` are.
  if (known.startsWith(name) && name.length > 4) return true
  if (name.endsWith(known) && known.length > 4) return true
  return wordDistance(name, known) <= Math.min(2, Math.floor(known.length / 3))
}
