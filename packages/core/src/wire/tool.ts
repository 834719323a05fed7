import type { CacheControl } from './cache-control.ts'
import type { CodeExecutionTool, ToolSearchTool, WebFetchTool, WebSearchTool } from './server-tool.ts'
import type { BrowserToolset, ComputerToolset } from './toolset.ts'

/** Any tool that a request can offer. */
export type ToolUnion =
  | ToolParam
  | BashTool
  | TextEditorTool
  | MemoryTool
  | BrowserToolset
  | ComputerToolset
  | CodeExecutionTool
  | WebSearchTool
  | WebFetchTool
  | ToolSearchTool

/** What every tool's definition can carry. */
export interface ToolOptions {
  /** Who may call it; default: the model directly. */
  allowed_callers?: ('direct' | 'code_execution_20250825' | 'code_execution_20260120' | 'code_execution_20260521')[]
  cache_control?: CacheControl | null
  /** Leave it out of the prompt until a tool search finds it. */
  defer_loading?: boolean
  /** Guarantee input that fits the schema. */
  strict?: boolean
}

/** What a tool that you run yourself can carry. */
export interface ClientToolOptions extends ToolOptions {
  input_examples?: { [key: string]: unknown }[]
}

/**
 * A tool of your own.
 *
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
 */
export interface ToolParam extends ClientToolOptions {
  type?: 'custom' | null
  name: string
  /** What it does, when to use it and what it returns: the more the better. */
  description?: string
  input_schema: ToolInputSchema
  /** Stream the input as it is written, without waiting for valid JSON. */
  eager_input_streaming?: boolean | null
}

/** A JSON Schema (draft 2020-12) of an object. */
export interface ToolInputSchema {
  type: 'object'
  properties?: unknown
  required?: string[] | null
  [keyword: string]: unknown
}

/** The shell that the model knows; you run the commands. */
export interface BashTool extends ClientToolOptions {
  type: 'bash_20250124'
  name: 'bash'
}

/** The file editor that the model knows; you make the edits. */
export type TextEditorTool =
  | (ClientToolOptions & { type: 'text_editor_20250124'; name: 'str_replace_editor' })
  | (ClientToolOptions & { type: 'text_editor_20250429'; name: 'str_replace_based_edit_tool' })
  | (ClientToolOptions & {
      type: 'text_editor_20250728'
      name: 'str_replace_based_edit_tool'
      /** Cut what `view` shows to this many characters. */
      max_characters?: number | null
    })

/** The notes directory that the model knows; you keep the files. */
export interface MemoryTool extends ClientToolOptions {
  type: 'memory_20250818'
  name: 'memory'
}

/** Which tool the model uses, if any; default `auto` where there are tools. */
export type ToolChoice = ToolChoiceAuto | ToolChoiceAny | ToolChoiceTool | ToolChoiceNone

/** The model decides. */
export interface ToolChoiceAuto {
  type: 'auto'
  disable_parallel_tool_use?: boolean
}

/** Some tool, whichever the model likes. */
export interface ToolChoiceAny {
  type: 'any'
  disable_parallel_tool_use?: boolean
}

/** This tool. */
export interface ToolChoiceTool {
  type: 'tool'
  name: string
  disable_parallel_tool_use?: boolean
}

/** No tool. */
export interface ToolChoiceNone {
  type: 'none'
}
