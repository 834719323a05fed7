import { defineTool, type ToolEntry } from '@enjamb/tools'
import { createFileAccess, createFileState, editTool, readTool, writeTool } from '@enjamb/tools/node'
import type { ToolList } from '../src/index.ts'

/** The tools for files, without those that need other programs, and with what puts files back. */
export function fileTools(cwd: string, ...more: ToolEntry[]): ToolList {
  const shared = { cwd, files: createFileState() }
  const tools = [readTool(shared), writeTool(shared), editTool(shared), ...more]
  return Object.assign(tools, { fileAccess: createFileAccess(shared) })
}

/** A call of it never ends. */
export const waitTool = defineTool({
  name: 'wait',
  description: 'Waits.',
  input: { type: 'object' },
  run() {
    console.log('waits')
    return new Promise(() => {})
  },
})
