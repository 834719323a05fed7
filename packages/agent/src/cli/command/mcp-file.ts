import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CliMcpServer } from '../cli-backend-options.ts'

/** A file for one run. */
export interface McpFile {
  path: string
  remove(): void
}

/** Writes MCP servers as the program reads them, for its user alone: they may hold credentials. */
export function writeMcpFile(servers: Readonly<Record<string, CliMcpServer>>): McpFile {
  const path = join(tmpdir(), `enjamb-mcp-${randomUUID()}.json`)
  const remove = () => rmSync(path, { force: true })
  try {
    const mcpServers = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, toConfig(server)]))
    writeFileSync(path, JSON.stringify({ mcpServers }), { mode: 0o600, flag: 'wx' })
    return { path, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function toConfig(server: CliMcpServer): Record<string, unknown> {
  if ('command' in server) {
    const { command, args = [], env = {} } = server
    return { type: 'stdio', command, args, env }
  }
  const { url, headers = {} } = server
  return { type: 'http', url: `${url}`, headers }
}
