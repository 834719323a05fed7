import type { Tool, ToolContext } from '../../define/tool.ts'
import { describeFailure } from '../failure.ts'
import { forEver, type Link } from '../link/open-link.ts'
import type { McpOptions, McpServer, McpServerStatus, McpToolLeftOut } from '../mcp-options.ts'
import { createSecrets } from '../secrets.ts'
import { toTool } from '../tool/mcp-tool.ts'
import { callServer } from './call-server.ts'
import { type ListedTool, listTools } from './list-tools.ts'
import { createConnection } from './server-connection.ts'

/** One server, connected again when a call finds that it got lost. */
export interface ConnectedServer {
  /** How things are at the moment. */
  readonly status: McpServerStatus
  readonly tools: readonly Tool[]
  close(): Promise<void>
}

interface Named {
  name: string
  /** What the names of its tools begin with. */
  prefix: string
  server: McpServer
}

/** Resolves when the tools are known, or when it has failed. */
export async function connectServer(
  { name, prefix, server }: Named,
  { logger, ...options }: McpOptions,
  onTools: () => void,
): Promise<ConnectedServer> {
  const { trustAnnotations = false, timeoutMs = options.timeoutMs } = server
  const startTimeoutMs = Math.min((options.startTimeoutMs ?? 30_000) || forEver, forEver)
  const secrets = createSecrets(server)
  const { hide } = secrets
  const warn = (message: string) => logger?.warn?.(hide(`MCP server "${name}": ${message}`).replace(/\s+/g, ' '))
  let tools: readonly Tool[] = []
  let leftOut: readonly McpToolLeftOut[] = []
  let lists = 0
  const told = new Set<string>()

  const toOwn = (listed: ListedTool): Tool => {
    const run = (input: unknown, context: ToolContext) =>
      callServer({ name, server, connection, listed, tool, secrets }, input, context)
    const tool = toTool(listed, { prefix, trustAnnotations, timeoutMs, maxResultChars: options.maxResultChars, run })
    return tool
  }

  const show = async (link: Link, mine = ++lists) => {
    const byName = new Map<string, Tool>()
    const others: McpToolLeftOut[] = []
    for (const listed of link.tools) {
      // A server may have thousands, with long schemas.
      await nextTurn()
      try {
        const tool = toOwn(listed)
        if (byName.has(tool.name)) throw new Error('there is another one of its name')
        byName.set(tool.name, tool)
      } catch (fault) {
        const toldName = hide(listed.name).slice(0, 100)
        const reason = hide((fault as Error).message)
        others.push({ name: toldName, reason })
        const message = `its tool "${toldName}" is left out: ${reason}`
        // Its list may change often, and be none the better.
        if (!told.has(message)) warn(message)
        told.add(message)
      }
    }
    // Another change may have come meanwhile, and its list before this one.
    if (mine !== lists) return
    tools = [...byName.values()]
    leftOut = others
    onTools()
  }

  const refresh = async (link: Link) => {
    const mine = ++lists
    try {
      link.tools = await listTools(link.client, { timeout: startTimeoutMs })
      if (mine === lists && link === connection.link) await show(link, mine)
    } catch (fault) {
      if (!link.whyOver) warn(`its tools have changed, and cannot be listed. ${describeFailure(fault, server)}`)
    }
  }

  const events = { onOpened: show, onChanged: refresh }
  const connection = createConnection({ name, server, startTimeoutMs, secrets, warn, ...events })
  await connection.use(async () => {}).catch(() => {})
  return {
    get status() {
      const { state, error, link } = connection
      const names = tools.map((tool) => tool.name)
      const words = link?.client.getInstructions()
      const instructions = words === undefined ? words : secrets.hideNamed(words)
      return { name, state, error, tools: names, leftOut, instructions }
    },
    get tools() {
      return tools
    },
    close: connection.close,
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve))
}
