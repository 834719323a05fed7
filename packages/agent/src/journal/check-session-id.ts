import { ConfigError } from '@enjamb/core'

/** @throws {ConfigError} an id that not every store could keep, or that would be a path in one */
export function checkSessionId(id: string): void {
  if (/^[\w-][\w.-]{0,127}$/.test(id)) return
  throw new ConfigError(`A session's id must be 1 to 128 letters, digits, "_", "-" and ".", without "." first: ${id}`)
}
