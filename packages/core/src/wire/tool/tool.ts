import type { AdvisorTool, MCPToolset } from './beta-tool.ts'
import type { CodeExecutionTool, ToolSearchTool, WebFetchTool, WebSearchTool } from './server-tool.ts'
import type { ClientToolOptions } from './tool-options.ts'
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
  | MCPToolset
  | AdvisorTool

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
