import type { ToolEntry } from '../define/tool.ts'

/** A toolset of the API's has no name but its type. */
export function toolName(entry: ToolEntry): string {
  const { name, type } = entry as { name?: string; type: string }
  return name ?? type
}
