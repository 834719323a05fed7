import { type Tool, toolset } from '../src/index.ts'

/** Calls a tool as the model does, and returns what it gets to see. */
export async function callOne(tool: Tool, input: object, signal?: AbortSignal) {
  const call = { type: 'tool_use' as const, id: 'toolu_1', name: tool.name, input }
  const { content, is_error } = await toolset([tool]).call(call, { signal })
  return { isError: !!is_error, text: typeof content === 'string' ? content : JSON.stringify(content) }
}
