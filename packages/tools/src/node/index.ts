export type { Answer, Question } from '../code/interaction/answer-text.ts'
export type { BashOptions, CommandSandbox } from './bash/bash-options.ts'
export { bashTool } from './bash/bash-tool.ts'
export { killShellTool } from './bash/kill-shell-tool.ts'
export { codingTools } from './coding-tools.ts'
export type { CodingTools, CodingToolsOptions } from './coding-tools-options.ts'
export { editTool } from './edit/edit-tool.ts'
export { createFileAccess } from './files/file-access.ts'
export { createFileState, type FileState } from './files/file-state.ts'
export type { FileToolOptions } from './files/file-tool-options.ts'
export { resolvePath } from './files/resolve-path.ts'
export { createRoots, type FolderOptions, type Roots } from './files/roots.ts'
export { askUserQuestionTool, type QuestionOptions } from './interaction/ask-user-question-tool.ts'
export {
  enterPlanModeTool,
  exitPlanModeTool,
  type PlanDecision,
  type PlanOptions,
} from './interaction/plan-mode-tools.ts'
export { type Todo, type TodoOptions, todoWriteTool } from './interaction/todo-write-tool.ts'
export { notebookEditTool } from './notebook/notebook-edit-tool.ts'
export { type BackgroundTask, type BackgroundTasks, createBackgroundTasks } from './process/background-tasks.ts'
export { type Program, type ProgramOptions, startProgram } from './process/program/start-program.ts'
export { readTool } from './read/read-tool.ts'
export { globTool } from './search/glob-tool.ts'
export { type GrepOptions, grepTool } from './search/grep/grep-tool.ts'
export { type LoadSkillsOptions, loadSkills, type Skill } from './skills/load-skills.ts'
export { skillTool } from './skills/skill-tool.ts'
export { type LoadAgentsOptions, type LoadedAgent, loadAgents } from './task/load-agents.ts'
export { taskOutputTool } from './task/task-output-tool.ts'
export {
  type RunSubagent,
  type SubagentOptions,
  type SubagentTask,
  type SubagentType,
  taskTool,
} from './task/task-tool.ts'
export type { Lookup } from './web/http-get.ts'
export { createAsk, createSearch, type ModelAnswerOptions } from './web/model-answers.ts'
export { type Ask, type WebFetchOptions, webFetchTool } from './web/web-fetch-tool.ts'
export { type Search, type SearchResult, webSearchTool } from './web/web-search-tool.ts'
export { writeTool } from './write/write-tool.ts'
