import type { FileAccess } from '../define/file-access.ts'
import type { Tool } from '../define/tool.ts'
import type { BashOptions } from './bash/bash-options.ts'
import type { FileToolOptions } from './files/file-tool-options.ts'
import type { QuestionOptions } from './interaction/ask-user-question-tool.ts'
import type { PlanOptions } from './interaction/plan-mode-tools.ts'
import type { TodoOptions } from './interaction/todo-write-tool.ts'
import type { BackgroundTasks } from './process/background-tasks.ts'
import type { GrepOptions } from './search/grep/grep-tool.ts'
import type { Skill } from './skills/load-skills.ts'
import type { SubagentOptions } from './task/task-tool.ts'
import type { WebFetchOptions } from './web/web-fetch-tool.ts'
import type { Search } from './web/web-search-tool.ts'

/** Options of {@link codingTools}. */
export interface CodingToolsOptions extends FileToolOptions, TodoOptions, PlanOptions, QuestionOptions {
  /** Shell, variables, limits and sandbox of commands. */
  bash?: BashOptions | undefined
  /** Who answers questions about pages, and their limits. */
  webFetch?: WebFetchOptions | undefined
  /**
   * What WebSearch searches with: a function of your own, or `createSearch`. Default none: there is no WebSearch then.
   */
  search?: Search | undefined
  /** What `loadSkills` found. Where there is none, there is no Skill. */
  skills?: readonly Skill[] | undefined
  /** What works on a Task. Default none: there is no Task then. */
  subagents?: SubagentOptions | undefined
  /** Program and time limit of searches. */
  grep?: GrepOptions | undefined
  /**
   * Where commands run that go on in the background; tools that are to share it take the same. Default one of its own.
   */
  tasks?: BackgroundTasks | undefined
}

/** A list of tools, some of which may have work running in the background. */
export interface CodingTools extends Array<Tool>, AsyncDisposable {
  /** With it a session puts back the files that the tools changed. */
  readonly fileAccess: FileAccess
  /** Stops what runs in the background, and lets nothing start there any more. Resolves when it is gone. */
  close(): Promise<void>
}
