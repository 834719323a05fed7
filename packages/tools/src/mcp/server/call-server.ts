import type { ToolResultContent } from '@enjamb/core'
import type { Tool as ToolDefinition } from '@modelcontextprotocol/client'
import type { Tool, ToolContext } from '../../define/tool.ts'
import { describeFailure, isAnswer, mayHaveRun, toSentence, wasNotTaken } from '../failure.ts'
import { forEver, type Link } from '../link/open-link.ts'
import { rawOf } from '../link/raw-results.ts'
import type { McpServer } from '../mcp-options.ts'
import type { Secrets } from '../secrets.ts'
import { toResult } from '../tool/to-result.ts'
import type { ListedTool } from './list-tools.ts'
import type { ServerConnection } from './server-connection.ts'

interface ServerTool {
  name: string
  server: McpServer
  connection: ServerConnection
  listed: ListedTool
  tool: Tool
  secrets: Secrets
}

/**
 * Calls a tool, once more where the server had not taken the call, or where it may be repeated.
 *
 * @throws {Error} it failed: for the model, who is told if it may have had effects
 */
export async function callServer(
  { name, server, connection, listed, tool, secrets }: ServerTool,
  input: unknown,
  { signal, progress }: ToolContext,
): Promise<ToolResultContent[] | undefined> {
  const toolDefinition = { ...listed, outputSchema: undefined } as unknown as ToolDefinition
  const params = { name: listed.name, arguments: input as { [key: string]: unknown } }
  const ask = async (link: Link, isFirst: boolean) => {
    try {
      // The time of a call is kept by whoever makes it, who aborts its signal.
      const options = { signal, timeout: forEver, toolDefinition, onprogress: progress }
      return rawOf(await link.client.callTool(params, options))
    } catch (fault) {
      const isOver = wasNotTaken(fault, link.sessionId !== undefined)
      if (isAnswer(fault) && !isOver) throw new Error(secrets.hide(describeFailure(fault, server)))
      const isUnknown = !isOver && mayHaveRun(fault)
      if (isOver) connection.lose(link, 'Its session is over.')
      if (isFirst && (isOver || (isUnknown && tool.idempotent))) return
      const why = link.whyOver ?? describeFailure(fault, server)
      const advice = isUnknown ? 'It may have had effects: check before you repeat it.' : ''
      throw new Error(
        `The MCP server "${name}" failed during the call. ${secrets.hide(toSentence(why))} ${advice}`.trim(),
      )
    }
  }
  const answer = (await connection.use((link) => ask(link, true))) ?? (await connection.use((link) => ask(link, false)))
  return answer && hideIn(answer, secrets)
}

/** What a server repeats of its credentials would get into the history. */
function hideIn(answer: unknown, { hideNamed }: Secrets): ToolResultContent[] | undefined {
  try {
    return toResult(answer)?.map((block) => (block.type === 'text' ? { ...block, text: hideNamed(block.text) } : block))
  } catch (error) {
    throw new Error(hideNamed((error as Error).message))
  }
}
