export {
  type Answer,
  askUserQuestionTool,
  type Question,
  type QuestionOptions,
} from './ask-user-question-tool.ts'
export { type BackgroundTask, type BackgroundTasks, createBackgroundTasks } from './background-tasks.ts'
export type { BashOptions, CommandSandbox } from './bash-options.ts'
export { bashTool } from './bash-tool.ts'
export { codingTools } from './coding-tools.ts'
export type { CodingTools, CodingToolsOptions } from './coding-tools-options.ts'
export { editTool } from './edit-tool.ts'
export { createFileState, type FileState } from './file-state.ts'
export type { FileToolOptions } from './file-tool-options.ts'
export { globTool } from './glob-tool.ts'
export { type GrepOptions, grepTool } from './grep-tool.ts'
export type { Lookup } from './http-get.ts'
export { killShellTool } from './kill-shell-tool.ts'
export { notebookEditTool } from './notebook-edit-tool.ts'
export { enterPlanModeTool, exitPlanModeTool, type PlanDecision, type PlanOptions } from './plan-mode-tools.ts'
export { readTool } from './read-tool.ts'
export { resolvePath } from './resolve-path.ts'
export { createRoots, type FolderOptions, type Roots } from './roots.ts'
export { taskOutputTool } from './task-output-tool.ts'
export { type Todo, type TodoOptions, todoWriteTool } from './todo-write-tool.ts'
export { type Ask, type WebFetchOptions, webFetchTool } from './web-fetch-tool.ts'
export { writeTool } from './write-tool.ts'
