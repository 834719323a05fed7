import { type FileAccess, type ToolEntry, toolset } from '@enjamb/tools'
import { type KeepResult, keepLongResults, type LongResultOptions } from '../context/results/keep-long-results.ts'

/** Tools, and lists of tools as `codingTools()` and `mcpTools()` give them. */
export type ToolList = readonly (ToolEntry | readonly ToolEntry[])[]

/** The session that tools are made for. */
export interface ToolScope {
  sessionId: string
  /** Where it works. */
  cwd: string
}

/** Tools for all sessions of an agent; or what makes those of each. */
export type SessionToolsOption = ToolList | ((scope: ToolScope) => ToolList | Promise<ToolList>)

/** What a list of tools comes to. */
export interface ListedTools {
  tools: readonly ToolEntry[]
  keepResult: KeepResult
  /** Of the first list that has one. */
  files: FileAccess | undefined
}

/** @throws {ConfigError} it is none */
export function listTools(list: ToolList, options: LongResultOptions): ListedTools {
  // What is no list is told of there.
  if (!Array.isArray(list)) toolset(list as never)
  return {
    ...keepLongResults(list.flat() as ToolEntry[], options),
    files: listsIn(list).find(({ fileAccess }) => fileAccess)?.fileAccess,
  }
}

/** Ends what the lists have at work. */
export async function closeTools(list: ToolList): Promise<void> {
  const ended = await Promise.allSettled(listsIn(list).map((one) => one[Symbol.asyncDispose]?.()))
  const failed = ended.find(({ status }) => status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
}

interface Belongings extends Partial<AsyncDisposable> {
  fileAccess?: FileAccess
}

/** The list itself, and those in it. */
function listsIn(list: ToolList): Belongings[] {
  return Array.isArray(list) ? [list as Belongings, ...(list.filter(Array.isArray) as Belongings[])] : []
}
