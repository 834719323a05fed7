import { ConfigError } from '@enjamb/core'

/**
 * The official client, which takes longer to load than all of this package.
 *
 * @throws {ConfigError} the optional peer is not installed
 */
export async function loadClient(): Promise<typeof import('@modelcontextprotocol/client')> {
  try {
    return await import('@modelcontextprotocol/client')
  } catch (cause) {
    throw new ConfigError('MCP servers need the official client: npm install @modelcontextprotocol/client', { cause })
  }
}
