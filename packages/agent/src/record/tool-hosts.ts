import type { Entry, FrozenParams } from '../journal/entry.ts'

/** Where a tool runs, as far as it is known. */
export interface ToolHost {
  hostname: string | null
  port: number | null
  node_id: string | null
}

const nowhere: ToolHost = { hostname: null, port: null, node_id: null }

/** Finds where a tool runs, by its own name or by that of the MCP server in it. */
export function toolHosts(
  entries: readonly Entry[],
  params: FrozenParams,
  given: Readonly<Record<string, string | URL>>,
): (name: string) => ToolHost {
  const hosts = new Map<string, ToolHost>()
  const { mcp_servers: servers } = params as { mcp_servers?: readonly { name?: unknown; url?: unknown }[] }
  for (const { name, url } of servers ?? []) hosts.set(`${name}`, hostOf(`${url}`))
  for (const entry of entries) {
    if (entry.type !== 'note' || entry.name !== 'tool_host') continue
    const { name, hostname, port, node_id } = Object(entry.data) as Record<string, unknown>
    hosts.set(`${name}`, {
      hostname: textOr(hostname),
      port: typeof port === 'number' ? port : null,
      node_id: textOr(node_id),
    })
  }
  for (const [name, url] of Object.entries(given)) hosts.set(name, hostOf(`${url}`))
  return (name) => hosts.get(name) ?? hosts.get(/^mcp__(.+?)__/.exec(name)?.[1] ?? '') ?? nowhere
}

function hostOf(address: string): ToolHost {
  // `db.local:5432` alone is an address, too, and would be read as a scheme.
  const whole = address.includes('://') ? address : `tcp://${address}`
  if (!URL.canParse(whole)) return nowhere
  const url = new URL(whole)
  const usual = { 'http:': 80, 'https:': 443 }[url.protocol]
  return { hostname: url.hostname || null, port: Number(url.port) || usual || null, node_id: null }
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
