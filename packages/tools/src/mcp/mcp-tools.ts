import { ConfigError } from '@enjamb/core'
import type { Tool } from '../define/tool.ts'
import { checkMcpOptions, checkServer } from './check-mcp-options.ts'
import { loadClient } from './link/load-client.ts'
import type { McpOptions, McpServer, McpTools } from './mcp-options.ts'
import { type ConnectedServer, connectServer } from './server/connect-server.ts'
import { toPrefixes } from './tool/tool-name.ts'

/**
 * The tools of MCP servers. All are started at once; one that fails leaves the others working: `servers` says what has
 * become of each, and `logger` is warned. A tool's name is `mcp__server__tool`, the server's name being the key it has
 * here.
 *
 * A server whose connection or session got lost is connected again by the next call. A call that got lost is made again,
 * once, only where the server cannot have taken it, or where it says that the tool is harmless or idempotent and
 * `trustAnnotations` says that this may be believed. A run uses the tools that it was given; `beforeTurn` can give it
 * those that there are now.
 *
 * Servers cannot ask the model or the user for anything. Of their results, text and images reach the model; other
 * files are named.
 *
 * Needs the package `@modelcontextprotocol/client`. Close it: processes keep Node alive.
 *
 * @throws {ConfigError} a name or a server's options make no sense, or the official client is not installed; what a server does never makes it reject
 * @see https://modelcontextprotocol.io/specification/2025-11-25
 * @example
 * await using mcp = await mcpTools({
 *   files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '.'] },
 *   tracker: { url: 'https://tracker.example/mcp', headers: { authorization: `Bearer ${token}` } },
 * })
 * const run = runTools(client, { ...params, tools: [...mcp, weather] })
 */
export async function mcpTools(
  servers: { readonly [name: string]: McpServer },
  options: McpOptions = {},
): Promise<McpTools> {
  if (typeof servers !== 'object' || !servers || Array.isArray(servers)) {
    throw new ConfigError('mcpTools takes an object of servers, each below its name.')
  }
  checkMcpOptions(options)
  const prefixes = toPrefixes(Object.keys(servers))
  for (const [name, server] of Object.entries(servers)) checkServer(name, server)
  if (prefixes.size) await loadClient()
  let all: readonly ConnectedServer[] = []
  const tools: Tool[] = []
  const collect = () => {
    tools.splice(0, tools.length, ...all.flatMap((server) => server.tools))
  }
  all = await Promise.all(
    Object.entries(servers).map(([name, server]) =>
      connectServer({ name, prefix: prefixes.get(name)!, server }, options, collect),
    ),
  )
  collect()
  const close = async () => {
    await Promise.all(all.map((server) => server.close()))
  }
  Object.defineProperty(tools, 'servers', { get: () => all.map((server) => server.status) })
  return Object.assign(tools as McpTools, { close, [Symbol.asyncDispose]: close })
}
