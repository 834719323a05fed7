import type { ToolResultBlockParam, ToolUnion, ToolUseBlockParam } from '@enjamb/core'
import { checkTools } from '#checks'
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
   * failure, a timeout and an abort each become a result with `is_error` that says what to do. So does a call of a tool
   * without `run`, whose result is for you to give.
   */
  call(block: ToolUseBlockParam, options?: CallOptions): Promise<ToolResultBlockParam>
}

/** @throws {ConfigError} there is no list of tools, two have one name, or one is a definition alone */
export function toToolTable(entries: readonly ToolEntry[] | ToolTable): ToolTable {
  if ('call' in Object(entries)) return entries as ToolTable
  checkTools(entries)
  const tools = new Map<string, Tool>()
  const definitions = (entries as readonly ToolEntry[]).map((entry) => {
    if (!('definition' in entry)) return entry
    tools.set(entry.name, entry)
    return entry.definition
  })
  return {
    definitions,
    get: (name) => tools.get(name),
    async call(block, options = {}) {
      const { name } = block
      const tool = tools.get(name)
      if (tool) return callTool(tool, block, options)
      const known = [...tools.keys()]
      const shown = nearestNames(name, known, 20)
      const more = known.length - shown.length
      const text = `There is no tool "${name}" here; there are: ${shown.join(', ') || 'none'}`
      return resultBlock(block, `${text}${more ? `, and ${more} more` : ''}.`, true)
    },
  }
}
