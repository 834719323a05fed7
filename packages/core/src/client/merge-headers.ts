import { ConfigError } from '../errors/config-error.ts'

/** Headers to set; `null` removes one that would be sent otherwise, and `undefined` leaves it alone. */
export type HeaderOverrides =
  | Headers
  | readonly (readonly [name: string, value: string])[]
  | { readonly [name: string]: string | null | undefined }

/** One header to be set, or with `null` removed. */
export type HeaderChange = readonly [name: string, value: string | null]

/** The changes that overrides stand for. */
export function headerChanges(overrides: HeaderOverrides | undefined = {}): HeaderChange[] {
  const entries = Symbol.iterator in overrides ? [...overrides] : Object.entries(overrides)
  return entries.filter(([, value]) => value !== undefined) as never
}

/**
 * The headers that changes come to, the later over the earlier.
 *
 * @param option what they come from, for the message
 * @throws {ConfigError} one of them is nothing that HTTP can carry
 */
export function mergeHeaders(changes: readonly HeaderChange[], option: string): Headers {
  const merged = new Headers()
  try {
    for (const [name, value] of changes) {
      if (value === null) merged.delete(name)
      else merged.set(name, value)
    }
  } catch {
    // Without its cause: the platform's error prints the value, which may be secret.
    throw new ConfigError(`${option} must be one line of Latin-1.`)
  }
  return merged
}
