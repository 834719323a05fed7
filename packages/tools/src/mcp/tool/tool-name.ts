import { ConfigError } from '@enjamb/core'

const maxChars = 64
const maxServerChars = 32

/**
 * What the tools of each server begin with: `mcp__server__`, characters that the API does not take made `_`. The server's
 * part has no `__` and does not end in `_`, so that no two names of different servers can be the same.
 *
 * @throws {ConfigError} a name has nothing that can be used, is too long, or is the same as another's
 */
export function toPrefixes(servers: readonly string[]): Map<string, string> {
  const prefixes = new Map<string, string>()
  for (const server of servers) {
    const name = server.replace(/[^a-zA-Z0-9-]+/g, '_').replace(/^_|_$/g, '')
    const prefix = `mcp__${name}__`
    if (!name || name.length > maxServerChars) {
      throw new ConfigError(`A server's name is 1 to ${maxServerChars} letters, digits, _ and -; "${server}" is not.`)
    }
    if ([...prefixes.values()].includes(prefix)) {
      throw new ConfigError(`Two servers would be named "${name}"; rename "${server}".`)
    }
    prefixes.set(server, prefix)
  }
  return prefixes
}

/**
 * The name of a tool for the API. One that is too long, or has characters that the API does not take, gets a hash of what
 * it really is at its end: the same one always, whichever other tools there are.
 */
export function toToolName(prefix: string, tool: string): string {
  const name = prefix + tool.replace(/[^a-zA-Z0-9_-]/g, '_')
  if (name === prefix + tool && tool && name.length <= maxChars) return name
  const hash = `_${hashOf(tool)}`
  return name.slice(0, maxChars - hash.length) + hash
}

/**
 * FNV-1a, in 32 bits: there is no other hash that works everywhere without waiting. Where two tools of a server meet in
 * it, the second is left out.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
