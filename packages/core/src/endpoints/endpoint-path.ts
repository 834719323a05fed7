import { ConfigError } from '../errors/config-error.ts'

/**
 * A path with an id in the place of `*`, encoded so that it stays one segment whatever it holds.
 *
 * @throws {ConfigError} the id is empty, `.` or `..`, which would name another endpoint, or no text that a URL can hold
 */
export function endpointPath(path: string, id: string): string {
  // In a path, dots are special even when they are encoded.
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw badId(id)
  try {
    return path.replace('*', encodeURIComponent(id))
  } catch {
    // Half of a surrogate pair.
    throw badId(id)
  }
}

function badId(id: unknown): ConfigError {
  return new ConfigError(`id must be one of the API's, not ${JSON.stringify(id)}.`)
}
