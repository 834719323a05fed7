import type { BrowserStateBlockParam } from '../browser-state.ts'
import type { Cacheable } from '../cache-control.ts'
import type { ToolCaller } from '../caller.ts'
import type {
  BashCodeExecutionToolResultBlock,
  CodeExecutionToolResultBlock,
  ContainerUploadBlock,
  RedactedThinkingBlock,
  ServerToolName,
  ThinkingBlock,
} from '../response/content-block.ts'
import type {
  CitationsConfigParam,
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
} from './document-block-param.ts'
import type {
  TextEditorCodeExecutionToolResultBlockParam,
  ToolReferenceBlockParam,
  ToolSearchToolResultBlockParam,
  WebFetchToolResultBlockParam,
  WebSearchToolResultBlockParam,
} from './server-tool-result-param.ts'

/** A part of a message that is sent. Every {@link ContentBlock} of an answer is one, so an answer goes back as it came. */
export type ContentBlockParam =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam
  | ToolUseBlockParam
  | ToolResultBlockParam
  | ServerToolUseBlockParam
  | WebSearchToolResultBlockParam
  | WebFetchToolResultBlockParam
  | CodeExecutionToolResultBlockParam
  | BashCodeExecutionToolResultBlockParam
  | TextEditorCodeExecutionToolResultBlockParam
  | ToolSearchToolResultBlockParam
  | ContainerUploadBlockParam

export interface SearchResultBlockParam extends Cacheable {
  type: 'search_result'
  content: TextBlockParam[]
  source: string
  title: string
  citations?: CitationsConfigParam
}

/** Thinking, sent back as it came. */
export type ThinkingBlockParam = ThinkingBlock
/** Thinking that the API has hidden, sent back as it came. */
export type RedactedThinkingBlockParam = RedactedThinkingBlock

export interface ToolUseBlockParam extends Cacheable {
  type: 'tool_use'
  id: string
  name: string
  input: unknown
  caller?: ToolCaller
  toolset_name?: string | null
}

/** Your answer to a `tool_use` block of the message before. Results stand first in their user message. */
export interface ToolResultBlockParam extends Cacheable {
  type: 'tool_result'
  tool_use_id: string
  content?: string | ToolResultContent[]
  is_error?: boolean
  toolset_name?: string | null
}

/** What the result of a tool may hold beside a plain text. */
export type ToolResultContent =
  | TextBlockParam
  | ImageBlockParam
  | SearchResultBlockParam
  | DocumentBlockParam
  | ToolReferenceBlockParam
  | BrowserStateBlockParam

export interface ServerToolUseBlockParam extends Cacheable {
  type: 'server_tool_use'
  id: string
  name: ServerToolName
  input: unknown
  caller?: ToolCaller
}

export interface CodeExecutionToolResultBlockParam extends CodeExecutionToolResultBlock, Cacheable {}
export interface BashCodeExecutionToolResultBlockParam extends BashCodeExecutionToolResultBlock, Cacheable {}
export interface ContainerUploadBlockParam extends ContainerUploadBlock, Cacheable {}
