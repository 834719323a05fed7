import type { Tool } from '../tool.ts'
import { globTool } from './glob-tool.ts'
import { readTool } from './read-tool.ts'
import type { FolderOptions } from './roots.ts'

/**
 * The tools with which an agent works in a folder: for now Read and Glob, in this order. They use nothing outside of
 * `cwd` and the folders added to it, symbolic links followed to where they lead.
 *
 * @throws {ConfigError} one of the folders does not exist
 * @example
 * const agent = createAgent({ tools: codingTools({ cwd: process.cwd() }) })
 */
export function codingTools(options: FolderOptions): Tool[] {
  return [readTool(options), globTool(options)]
}
