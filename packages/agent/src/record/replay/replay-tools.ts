import type { ToolParam, ToolUnion } from '@enjamb/core'
import { defineTool, type Tool, type ToolContext, type ToolEntry } from '@enjamb/tools'
import type { Entry, ResultEntry } from '../../journal/entry.ts'

/** What the record has of a call that is being made. */
interface FoundCall {
  result: Pick<ResultEntry, 'content' | 'isError'>
  /** What it got from models, once. */
  spent: readonly Parameters<ToolContext['spend']>[0][]
}

/** The recorded call; an error that says there is none. It waits for what came before its result, and for ever where it had none. */
export type FindCall = (id: string, name: string, signal?: AbortSignal) => Promise<FoundCall>

/** How tools of the record were declared, by their names: only those whose calls began, or waited for somebody. */
export type BegunTools = ReadonlyMap<string, { readOnly: boolean; idempotent: boolean }>

/** Tools whose calls somebody else answered. */
export function handedTools(entries: readonly Entry[]): ReadonlySet<string> {
  const begun = new Set(entries.map((entry) => (entry.type === 'intent' ? entry.call.name : undefined)))
  const handed = entries.filter((entry) => entry.type === 'pending').filter(({ kind }) => kind !== 'approval')
  return new Set(handed.map(({ call }) => call.name).filter((name) => !begun.has(name)))
}

const effect = { readOnly: false, idempotent: false }

export function begunTools(entries: readonly Entry[]): BegunTools {
  const waited = entries.flatMap((entry) => (entry.type === 'pending' ? [[entry.call.name, effect] as const] : []))
  const made = entries.flatMap((entry) => (entry.type === 'intent' ? [[entry.call.name, entry] as const] : []))
  return new Map([...waited, ...made])
}

/** These tools, and none of what they do: each call is answered with its recorded result. */
export function replayTools(tools: readonly ToolEntry[], find: FindCall, begun: BegunTools): ToolEntry[] {
  return tools.map((tool) => ('definition' in tool ? { ...tool, ...answering(tool.name, find, begun) } : tool))
}

/**
 * Tools that only have what requests said of them.
 *
 * @param called names of those that the client ran, which the API's own may be, too
 */
export function recordedTools(
  definitions: readonly ToolUnion[],
  called: ReadonlySet<string>,
  find: FindCall,
  begun: BegunTools,
): ToolEntry[] {
  return definitions.map((definition) => {
    const { name = '' } = definition as { name?: string }
    if (!('input_schema' in definition) && !called.has(name)) return definition as ToolEntry
    return { name, definition, validate: (value: unknown) => ({ value }), ...answering(name, find, begun) }
  })
}

function answering(
  name: string,
  find: FindCall,
  begun: BegunTools,
): Pick<Tool, 'run' | 'readOnly' | 'idempotent' | 'maxResultChars' | 'timeoutMs'> {
  // What never began has its result at once: it is not to stand in line behind what was cut off.
  const { readOnly, idempotent } = begun.get(name) ?? { readOnly: true, idempotent: false }
  return {
    // As it was, so that what is said of a call that was cut off is the same.
    readOnly,
    idempotent,
    maxResultChars: Number.POSITIVE_INFINITY,
    timeoutMs: 0,
    async run(_input, { toolUseId, signal, spend }) {
      const { result, spent } = await find(toolUseId, name, signal)
      for (const one of spent) spend(one)
      return result.content
    },
  }
}

/** A tool whose calls wait for somebody to answer them. One of the record has the schema of its definition alone to tell which cannot. */
export function withoutRun({ run: _, ...tool }: Tool, isOwn: boolean): Tool {
  const { input_schema: input } = tool.definition as ToolParam
  if (isOwn || !input) return tool
  return { ...tool, validate: defineTool({ name: tool.name, description: '', input }).validate }
}
