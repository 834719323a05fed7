import { createRequire } from 'node:module'
import { ConfigError } from '@enjamb/core'

/**
 * The file that an optional package begins with. It is looked for when it is needed, by a name that no bundler follows, so
 * that whoever does not need it need not have it.
 *
 * @param needs what needs it, as the subject of a sentence in the plural
 * @throws {ConfigError} it is not installed
 */
export function findPeer(name: string, needs: string): string {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new ConfigError(`${needs} need the package ${name}: npm install ${name}`, { cause })
  }
}
