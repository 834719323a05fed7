import type { NoteEntry } from '../../journal/entry.ts'
import type { CliMcpServer } from '../cli-backend-options.ts'
import type { OutputFacts } from './output-reader.ts'

type Servers = Readonly<Record<string, CliMcpServer>>

/** Options of servers that the program has no word for. */
export function unheard(servers: Servers = {}): string[] {
  const names = ['cwd', 'fetch', 'authProvider', 'trustAnnotations', 'timeoutMs']
  return Object.entries(servers).flatMap(([server, options]) =>
    names.filter((name) => Object(options)[name] !== undefined).map((name) => `mcp.${server}.${name}`),
  )
}

/** Where tools of servers run, for the record. */
export function toolHosts(servers: Servers = {}): NoteEntry[] {
  return Object.entries(servers).flatMap(([name, server]) => {
    if (!('url' in server) || !URL.canParse(`${server.url}`)) return []
    const { hostname, port, protocol } = new URL(server.url)
    const data = { name, hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
    return [{ type: 'note', name: 'tool_host', data }]
  })
}

/** Servers that the program could not reach. */
export function failedServers({ init }: OutputFacts): string[] {
  const servers = Array.isArray(init?.mcp_servers) ? init.mcp_servers.map(Object) : []
  return servers
    .filter(({ status }) => status === 'failed' || status === 'needs-auth')
    .map(({ name, status }) => `The MCP server ${name} cannot be used by the claude program: ${status}.`)
}
