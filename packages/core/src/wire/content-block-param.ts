import type { BrowserStateBlockParam } from './browser-state.ts'
import type { CacheControl } from './cache-control.ts'
import type { ToolCaller } from './caller.ts'
import type { CitationParam } from './citation.ts'
import type {
  BashCodeExecutionToolResultBlock,
  CodeExecutionToolResultBlock,
  ContainerUploadBlock,
  RedactedThinkingBlock,
  ServerToolName,
  ThinkingBlock,
} from './content-block.ts'
import type { Base64ImageSource, Base64PDFSource, FileSource, PlainTextSource, URLSource } from './content-source.ts'
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

/** What most blocks of a request can carry. */
export interface Cacheable {
  cache_control?: CacheControl | null
}

export interface TextBlockParam extends Cacheable {
  type: 'text'
  /** Not empty: the API refuses an empty text block. */
  text: string
  /** On user text this must be absent or empty under API version 2026-10-21. */
  citations?: CitationParam[] | null
}

export interface ImageBlockParam extends Cacheable {
  type: 'image'
  source: Base64ImageSource | URLSource | FileSource
  transformations?: {
    /** What becomes of an image above the model's size limit. */
    oversized_image?: 'downsize' | 'error'
  } | null
}

/** Refused in assistant messages under API version 2026-10-21. */
export interface DocumentBlockParam extends Cacheable {
  type: 'document'
  source: Base64PDFSource | PlainTextSource | ContentBlockSource | URLSource | FileSource
  title?: string | null
  /** Said to the model about the document, and never cited. */
  context?: string | null
  citations?: CitationsConfigParam | null
}

/** A document made of blocks, for citations at a grain of your own. */
export interface ContentBlockSource {
  type: 'content'
  content: string | (TextBlockParam | ImageBlockParam)[]
}

export interface CitationsConfigParam {
  enabled?: boolean
}

export interface SearchResultBlockParam extends Cacheable {
  type: 'search_result'
  content: TextBlockParam[]
  source: string
  title: string
  citations?: CitationsConfigParam
}

export type ThinkingBlockParam = ThinkingBlock
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
