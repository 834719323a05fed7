import type { Tool } from '../tool.ts'
import { createFileState } from './file-state.ts'
import type { FileToolOptions } from './file-tool-options.ts'
import { globTool } from './glob-tool.ts'
import { readTool } from './read-tool.ts'
import { writeTool } from './write-tool.ts'

/**
 * The tools with which an agent works in a folder: for now Read, Glob and Write, in this order. They use nothing outside of
 * `cwd` and the folders added to it, symbolic links followed to where they lead.
 *
 * @throws {ConfigError} one of the folders does not exist
 * @example
 * const agent = createAgent({ tools: codingTools({ cwd: process.cwd() }) })
 */
export function codingTools(options: FileToolOptions): Tool[] {
  const shared = { ...options, files: options.files ?? createFileState() }
  return [readTool(shared), globTool(shared), writeTool(shared)]
}
