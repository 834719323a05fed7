import { checkOptions } from '@enjamb/core'
import { bashTool } from './bash/bash-tool.ts'
import { killShellTool } from './bash/kill-shell-tool.ts'
import type { CodingTools, CodingToolsOptions } from './coding-tools-options.ts'
import { editTool } from './edit/edit-tool.ts'
import { createFileAccess } from './files/file-access.ts'
import { createFileState } from './files/file-state.ts'
import { askUserQuestionTool } from './interaction/ask-user-question-tool.ts'
import { enterPlanModeTool, exitPlanModeTool } from './interaction/plan-mode-tools.ts'
import { todoWriteTool } from './interaction/todo-write-tool.ts'
import { notebookEditTool } from './notebook/notebook-edit-tool.ts'
import { createBackgroundTasks } from './process/background-tasks.ts'
import { readTool } from './read/read-tool.ts'
import { globTool } from './search/glob-tool.ts'
import { grepTool } from './search/grep/grep-tool.ts'
import { skillTool } from './skills/skill-tool.ts'
import { taskOutputTool } from './task/task-output-tool.ts'
import { taskTool } from './task/task-tool.ts'
import { webFetchTool } from './web/web-fetch-tool.ts'
import { webSearchTool } from './web/web-search-tool.ts'
import { writeTool } from './write/write-tool.ts'

/**
 * The tools with which an agent works in a folder. Those for files use nothing outside of `cwd` and the folders added
 * to it, symbolic links followed to where they lead; **Bash runs commands that can do whatever this process may**:
 * leave it out, give it a sandbox, or ask before each call where that is too much.
 *
 * What runs in the background does not keep Node alive and ends with it; `close()` ends it before.
 *
 * @throws {ConfigError} one of the folders does not exist, an option makes no sense or is none, or there is no ripgrep
 * @example
 * const agent = createAgent({ tools: codingTools({ cwd: process.cwd() }) })
 * const careful = toolset(codingTools({ cwd: process.cwd() }), { deny: ['Bash'] })
 */
export function codingTools(options: CodingToolsOptions): CodingTools {
  checkOptions('codingTools', options, optionNames)
  for (const [name, known] of Object.entries(partNames)) {
    checkOptions(`codingTools.${name}`, options[name as keyof typeof partNames] ?? {}, known)
  }
  const shared = { ...options, files: options.files ?? createFileState() }
  const { tasks = createBackgroundTasks(), search, skills, subagents } = options
  const tools = [
    readTool(shared),
    globTool({ ...shared, program: options.grep?.program }),
    grepTool({ ...options, ...options.grep }),
    writeTool(shared),
    editTool(shared),
    notebookEditTool(shared),
    bashTool({ ...options, ...options.bash }, tasks),
    taskOutputTool(tasks),
    killShellTool(tasks),
    webFetchTool(options.webFetch),
    ...(search ? [webSearchTool(search)] : []),
    ...(skills?.length ? [skillTool(skills)] : []),
    ...(subagents ? [taskTool(subagents, tasks)] : []),
    todoWriteTool(options),
    enterPlanModeTool(options),
    exitPlanModeTool(options),
    askUserQuestionTool(options),
  ]
  const fileAccess = createFileAccess(shared)
  return Object.assign(tools, { fileAccess, close: tasks.close, [Symbol.asyncDispose]: tasks.close })
}

const partNames = {
  bash: ['shell', 'env', 'timeoutMs', 'maxTimeoutMs', 'maxOutputBytes', 'killAfterMs', 'sandbox'],
  webFetch: ['ask', 'allowPrivateAddresses', 'timeoutMs', 'maxBytes', 'maxPageChars', 'lookup'],
  subagents: ['types', 'run'],
  grep: ['program', 'timeoutMs'],
} satisfies {
  [Part in 'bash' | 'webFetch' | 'subagents' | 'grep']: readonly (keyof NonNullable<CodingToolsOptions[Part]>)[]
}

const optionNames = [
  'cwd',
  'additionalDirectories',
  'exclude',
  'files',
  'onTodos',
  'onEnterPlanMode',
  'onPlan',
  'onQuestion',
  'search',
  'skills',
  'tasks',
  ...(Object.keys(partNames) as (keyof typeof partNames)[]),
] satisfies readonly (keyof CodingToolsOptions)[]
