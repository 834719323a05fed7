import { ConfigError } from '@enjamb/core'
import type { McpServer } from './mcp-options.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The servers of a `.mcp.json` file, as Claude Code and other clients have it, for `mcpTools`. `${NAME}` and
 * `${NAME:-default}` in commands, arguments, environments, URLs and headers stand for what `variables` holds; by default
 * that is nothing. A server that is `disabled` is left out. What else one may have there is not looked at.
 *
 * Whoever writes the file runs programs with your variables: read none that you do not trust.
 *
 * @throws {ConfigError} it is not such a file, has a server of a `type` that is not supported, or asks for a variable that there is not
 * @see https://code.claude.com/docs/en/mcp
 * @example
 * const servers = parseMcpConfig(await readFile('.mcp.json', 'utf8'), process.env)
 * await using mcp = await mcpTools(servers)
 */
export function parseMcpConfig(text: string, variables: Variables = {}): { [name: string]: McpServer } {
  const { mcpServers } = Object(parse(text.replace(/^\ufeff/, ''))) as { mcpServers?: unknown }
  if (!isObject(mcpServers)) throw new ConfigError('An MCP configuration is an object with an object "mcpServers".')
  const enabled = Object.entries(mcpServers).filter(([, server]) => Object(server).disabled !== true)
  return mapValues(Object.fromEntries(enabled), (server, name) => {
    checkType(Object(server), name)
    const { command, args, env, cwd, url, headers } = Object(server) as { [key: string]: unknown }
    const given = Object.entries({ command, args, env, cwd, url, headers }).filter(
      ([, value]) => value !== undefined && value !== null,
    )
    // What is wrong with these is found where they are used.
    return expand(Object.fromEntries(given), variables, name) as unknown as McpServer
  })
}

/** Each with the option that it needs. */
const transports: { readonly [type: string]: 'command' | 'url' } = {
  stdio: 'command',
  http: 'url',
  'streamable-http': 'url',
  streamable_http: 'url',
  streamableHttp: 'url',
}

function checkType({ type, ...server }: { [key: string]: unknown }, name: string): void {
  if (type === undefined || type === null) return
  const option = Object.hasOwn(transports, String(type)) ? transports[String(type)] : undefined
  if (!option) {
    const advice = type === 'sse' ? ', and its servers mostly speak http, too' : ''
    throw new ConfigError(`The type of MCP server "${name}" is "stdio" or "http"; "${type}" is not supported${advice}.`)
  }
  if (server[option] === undefined)
    throw new ConfigError(`MCP server "${name}" is of type ${type}, and needs a ${option}.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message shows a piece of the text, which may be a credential.
    throw new ConfigError('An MCP configuration is JSON; this is not.')
  }
}

function expand(value: unknown, variables: Variables, server: string): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, other?: string) => {
      const found = variables[name]
      if (typeof found === 'string' && (found || other === undefined)) return found
      if (other !== undefined) return other
      throw new ConfigError(`MCP server "${server}" needs the variable ${name}, which is not set.`)
    })
  }
  if (Array.isArray(value)) return value.map((one) => expand(one, variables, server))
  return isObject(value) ? mapValues(value, (one) => expand(one, variables, server)) : value
}

function mapValues<T>(object: object, toValue: (value: unknown, key: string) => T): { [key: string]: T } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value, key)]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
