import type { ToolUnion } from '@enjamb/core'
import type { Tool, ToolEntry } from '@enjamb/tools'
import type { ResultEntry } from '../../journal/entry.ts'

/** A result of the record; an error that says there is none. */
export type FindResult = (id: string, name: string) => ResultEntry

/** These tools, and none of what they do: each call is answered with its recorded result. */
export function replayTools(tools: readonly ToolEntry[], find: FindResult): ToolEntry[] {
  return tools.map((tool) => ('definition' in tool ? { ...tool, ...answering(tool.name, find) } : tool))
}

/**
 * Tools that only have what requests said of them.
 *
 * @param called names of those that the client ran, which the API's own may be, too
 */
export function recordedTools(
  definitions: readonly ToolUnion[],
  called: ReadonlySet<string>,
  find: FindResult,
): ToolEntry[] {
  return definitions.map((definition) => {
    const { name = '' } = definition as { name?: string }
    if (!('input_schema' in definition) && !called.has(name)) return definition as ToolEntry
    return { name, definition, validate: (value: unknown) => ({ value }), ...answering(name, find) }
  })
}

function answering(name: string, find: FindResult): Pick<Tool, 'run' | 'readOnly' | 'maxResultChars' | 'timeoutMs'> {
  return {
    // They change nothing, and are as long as they were.
    readOnly: true,
    maxResultChars: Number.POSITIVE_INFINITY,
    timeoutMs: 0,
    run: (_input, { toolUseId }) => find(toolUseId, name).content,
  }
}
