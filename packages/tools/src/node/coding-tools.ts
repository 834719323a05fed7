import type { Tool } from '../tool.ts'
import { createFolders, type FolderOptions } from './folders.ts'
import { globTool } from './glob-tool.ts'
import { readTool } from './read-tool.ts'

/**
 * The tools with which an agent works in a folder: for now Read and Glob, in this order. They see nothing outside of
 * `cwd` and the folders added to it, symbolic links resolved.
 *
 * @throws {ConfigError} `cwd` is empty
 * @example
 * const agent = createAgent({ tools: codingTools({ cwd: process.cwd() }) })
 */
export function codingTools(options: FolderOptions): Tool[] {
  const folders = createFolders(options)
  return [readTool(folders), globTool(folders)]
}
