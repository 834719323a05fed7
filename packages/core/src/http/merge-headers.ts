import { ConfigError } from '../errors/config-error.ts'

/**
 * `base` with `changes` over it.
 *
 * @param option what the changes come from, for the message
 * @throws {ConfigError} one of the changes is nothing that HTTP can carry
 */
export function mergeHeaders(base: HeadersInit, changes: HeadersInit | undefined, option: string): Headers {
  const merged = new Headers(base)
  try {
    new Headers(changes).forEach((value, name) => {
      merged.set(name, value)
    })
  } catch {
    // Without its cause: the platform's error prints the value, which may be secret.
    throw new ConfigError(`${option} must hold no line breaks.`)
  }
  return merged
}
