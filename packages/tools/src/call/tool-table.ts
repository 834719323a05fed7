import { ConfigError, type ToolResultBlockParam, type ToolUnion, type ToolUseBlockParam } from '@enjamb/core'
import type { Tool, ToolEntry } from '../define/tool.ts'
import { type CallOptions, callTool } from './call-tool.ts'
import { nearestNames } from './nearest-names.ts'
import { resultBlock } from './tool-result.ts'

/** Tools by name: what the request says of them, and how a call reaches the right one. */
export interface ToolTable {
  /** For the `tools` of a request. */
  readonly definitions: ToolUnion[]
  /** A tool that runs here; `undefined` for server tools, and where there is none of the name. */
  get(name: string): Tool | undefined
  /**
   * Runs the call that a `tool_use` block asks for. It never rejects: an unknown tool, input that does not fit, a
   * failure, a timeout and an abort each become a result with `is_error` that says what to do.
   */
  call(block: ToolUseBlockParam, options?: CallOptions): Promise<ToolResultBlockParam>
}

/** @throws {ConfigError} there is no list of tools, two have one name, or a tool of your own has no `run` */
export function toToolTable(entries: readonly ToolEntry[] | ToolTable): ToolTable {
  if (!Array.isArray(entries)) {
    if ('call' in Object(entries)) return entries as ToolTable
    throw new ConfigError(noList)
  }
  const tools = new Map<string, ToolEntry>()
  for (const entry of entries) {
    const name = toolName(entry)
    if (tools.has(name)) throw new ConfigError(`Two tools are named "${name}".`)
    if ('input_schema' in entry) throw new ConfigError(`Tool "${name}" has no run function; make it with defineTool.`)
    tools.set(name, entry)
  }
  const get = (name: string) => {
    const entry = tools.get(name)
    return entry && 'run' in entry ? entry : undefined
  }
  return {
    definitions: [...tools.values()].map((entry) => ('run' in entry ? entry.definition : entry)),
    get,
    async call(block, options = {}) {
      const tool = get(block.name)
      if (tool) return callTool(tool, block, options)
      const known = [...tools.keys()].filter(get)
      const shown = nearestNames(block.name, known, 20)
      const more = known.length - shown.length
      const text = `There is no tool "${block.name}" here; there are: ${shown.join(', ') || 'none'}`
      return resultBlock(block, `${text}${more ? `, and ${more} more` : ''}.`, true)
    },
  }
}

/**
 * A toolset of the API's has no name but its type.
 *
 * @throws {ConfigError} it is no tool
 */
export function toolName(entry: ToolEntry): string {
  const { name, type } = Object(entry) as { name?: string; type?: string }
  const known = name ?? type
  if (!known) throw new ConfigError(noList)
  return known
}

export const noList = 'tools must be a list of what defineTool makes.'
