import type { Client, RequestOptions } from '@modelcontextprotocol/client'
import { rawOf } from '../link/raw-results.ts'

/** A tool as a server lists it; nothing of it has been checked but that it has a name. */
export interface ListedTool {
  readonly name: string
  readonly description?: unknown
  readonly inputSchema?: unknown
  readonly annotations?: unknown
  readonly execution?: unknown
}

// The official client reads all tools or none, so that a single broken one would take the others with it.
const anything = { '~standard': { version: 1, vendor: 'enjamb', validate: (value: unknown) => ({ value }) } } as const

const maxPages = 100
const maxTools = 2_000

/**
 * All tools of a server, page by page.
 *
 * @throws {Error} the server answers with something else, or with pages without end
 */
export async function listTools(client: Client, options: RequestOptions): Promise<ListedTool[]> {
  if (!client.getServerCapabilities()?.tools) return []
  const tools: ListedTool[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages && tools.length <= maxTools; page++) {
    const request = { method: 'tools/list' as const, ...(cursor !== undefined && { params: { cursor } }) }
    const answer = rawOf(await client.request(request, anything, options))
    if (!Array.isArray(answer.tools)) throw new Error('It answered with something else than a list of tools.')
    tools.push(...answer.tools.filter((tool: unknown) => typeof Object(tool).name === 'string'))
    if (typeof answer.nextCursor !== 'string') return tools
    cursor = answer.nextCursor
  }
  throw new Error(`Its list of tools goes on after ${maxPages} pages or ${maxTools} tools.`)
}
