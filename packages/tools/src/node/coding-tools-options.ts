import type { Tool } from '../tool.ts'
import type { QuestionOptions } from './ask-user-question-tool.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import type { BashOptions } from './bash-options.ts'
import type { FileToolOptions } from './file-tool-options.ts'
import type { GrepOptions } from './grep-tool.ts'
import type { PlanOptions } from './plan-mode-tools.ts'
import type { TodoOptions } from './todo-write-tool.ts'
import type { WebFetchOptions } from './web-fetch-tool.ts'

export interface CodingToolsOptions extends FileToolOptions, TodoOptions, PlanOptions, QuestionOptions {
  bash?: BashOptions | undefined
  webFetch?: WebFetchOptions | undefined
  grep?: GrepOptions | undefined
  /** Where commands run that go on in the background; tools that are to share it take the same. Default one of its own. */
  tasks?: BackgroundTasks | undefined
}

/** A list of tools, some of which may have work running in the background. */
export interface CodingTools extends Array<Tool>, AsyncDisposable {
  /** Stops what runs in the background, and lets nothing start there any more. Resolves when it is gone. */
  close(): Promise<void>
}
