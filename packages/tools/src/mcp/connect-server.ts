import type { Client, Tool as ToolDefinition } from '@modelcontextprotocol/client'
import type { Tool, ToolContext } from '../tool.ts'
import { brokeOff, describeFailure, wasNotTaken } from './failure.ts'
import { type ListedTool, listTools } from './list-tools.ts'
import type { McpOptions, McpServer, McpServerStatus } from './mcp-options.ts'
import { toTool } from './mcp-tool.ts'
import { type Link, openLink } from './open-link.ts'
import { secretsHider } from './secrets.ts'
import { toResult } from './to-result.ts'

/** One server, connected again when a call finds that it got lost. */
export interface ConnectedServer {
  /** Shows how things are at each reading. */
  readonly status: McpServerStatus
  readonly tools: readonly Tool[]
  close(): Promise<void>
}

// The time of a call is kept by whoever makes it, who aborts its signal.
const noTimeout = 2 ** 31 - 1

interface Named {
  name: string
  /** What the names of its tools begin with. */
  prefix: string
  server: McpServer
}

/** Resolves when the tools are known, or when it has failed. */
export async function connectServer(
  { name, prefix, server }: Named,
  { startTimeoutMs = 30_000, logger, ...options }: McpOptions,
  onTools: () => void,
): Promise<ConnectedServer> {
  const { trustAnnotations = false, timeoutMs = options.timeoutMs } = server
  const hide = secretsHider(server)
  const warn = (message: string) => logger?.warn?.(`MCP server "${name}": ${hide(message)}`)
  const closing = new AbortController()
  let state: McpServerStatus['state'] = 'failed'
  let error: string | undefined
  let tools: readonly Tool[] = []
  let lists = 0
  let link: Link | undefined
  let opening: Promise<Link> | undefined
  const ending = new Set<Promise<void>>()

  const show = (listed: readonly ListedTool[]) => {
    const byName = new Map<string, Tool>()
    for (const one of listed) {
      try {
        const run = (input: unknown, context: ToolContext) => call(one, tool, input, context)
        const tool = toTool(one, { prefix, trustAnnotations, timeoutMs, maxResultChars: options.maxResultChars, run })
        if (byName.has(tool.name)) throw new Error('there is another one of its name')
        byName.set(tool.name, tool)
      } catch (fault) {
        warn(`its tool "${one.name.slice(0, 100)}" is left out: ${(fault as Error).message}`)
      }
    }
    tools = [...byName.values()]
    onTools()
  }

  const refresh = async (client: Client) => {
    const mine = ++lists
    try {
      const listed = await listTools(client, closing.signal, startTimeoutMs)
      // Another change may have come meanwhile, and its list before this one.
      if (mine === lists) show(listed)
    } catch (fault) {
      if (!closing.signal.aborted)
        warn(`its tools have changed, and cannot be listed. ${describeFailure(fault, server)}`)
    }
  }

  /** Ends a connection that is not used any more. */
  const end = (old: Link) => {
    const ended = old.close().catch(() => {})
    ending.add(ended)
    ended.then(() => ending.delete(ended))
  }

  const lost = (reason = 'It ended.') => {
    const old = link
    link = undefined
    state = 'lost'
    error = hide(reason)
    warn(`the connection got lost. ${reason}`)
    // Other calls may still get their answers over it.
    if (old && !old.calls) end(old)
  }

  const open = async (): Promise<Link> => {
    const limit = new AbortController()
    const stop = () => limit.abort()
    const timer = setTimeout(stop, startTimeoutMs)
    closing.signal.addEventListener('abort', stop)
    try {
      const events = { signal: limit.signal, timeoutMs: startTimeoutMs, onChanged: refresh, onLost: lost }
      const opened = await openLink(server, events)
      link = opened
      state = 'connected'
      error = undefined
      lists++
      show(opened.tools)
      return opened
    } catch (fault) {
      const late = limit.signal.aborted && `It was not ready after ${startTimeoutMs} ms.`
      const why = closing.signal.aborted ? 'It was closed.' : late || describeFailure(fault, server)
      if (state !== 'closed') state = 'failed'
      error = hide(why)
      if (!closing.signal.aborted) warn(`it cannot be used. ${why}`)
      throw new Error(`The MCP server "${name}" cannot be reached. ${error}`)
    } finally {
      clearTimeout(timer)
      closing.signal.removeEventListener('abort', stop)
    }
  }

  const connected = async (): Promise<Link> => {
    if (link) return link
    if (closing.signal.aborted) throw new Error(`The MCP server "${name}" was closed.`)
    opening ??= open().finally(() => {
      opening = undefined
    })
    return opening
  }

  const call = async (listed: ListedTool, tool: Tool, input: unknown, context: ToolContext) => {
    const definition = { ...listed, outputSchema: undefined } as unknown as ToolDefinition
    const { signal, progress } = context
    for (let repeats = 0; ; repeats++) {
      const used = await connected()
      let answer: Awaited<ReturnType<Client['callTool']>>
      used.calls++
      try {
        answer = await used.client.callTool(
          { name: listed.name, arguments: input as { [key: string]: unknown } },
          { signal, timeout: noTimeout, toolDefinition: definition, onprogress: progress },
        )
      } catch (fault) {
        const notTaken = wasNotTaken(fault, used.sessionId !== undefined)
        const unknown = !notTaken && brokeOff(fault)
        if (!notTaken && !unknown) throw new Error(hide(describeFailure(fault, server)))
        if (notTaken && link === used) lost('Its session is over.')
        if (signal.aborted || repeats || !(notTaken || tool.idempotent)) {
          const why = link !== used && error
          const advice = unknown && 'It may have had effects: check before you repeat it.'
          throw new Error(['The connection broke off during the call.', why, advice].filter(Boolean).join(' '))
        }
        continue
      } finally {
        used.calls--
        if (link !== used && !used.calls) end(used)
      }
      return toResult(answer)
    }
  }

  await connected().catch(() => {})
  return {
    status: {
      name,
      get state() {
        return state
      },
      get error() {
        return error
      },
      get tools() {
        return tools.map((tool) => tool.name)
      },
      get instructions() {
        return link?.client.getInstructions()
      },
    },
    get tools() {
      return tools
    },
    async close() {
      state = 'closed'
      closing.abort()
      await opening?.catch(() => {})
      await link?.close()
      link = undefined
      await Promise.all(ending)
    },
  }
}
