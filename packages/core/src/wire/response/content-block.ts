import type { ToolCaller } from '../caller.ts'
import type { Citation } from '../citation.ts'
import type { Base64PDFSource, PlainTextSource } from '../request/content-source.ts'
import type {
  BashCodeExecutionResult,
  BashCodeExecutionToolResultError,
  CodeExecutionResult,
  CodeExecutionToolResultError,
  EncryptedCodeExecutionResult,
  TextEditorCodeExecutionCreateResult,
  TextEditorCodeExecutionStrReplaceResult,
  TextEditorCodeExecutionToolResultError,
  TextEditorCodeExecutionViewResult,
  ToolSearchResult,
  ToolSearchToolResultError,
  WebFetchToolResultError,
  WebSearchResult,
  WebSearchToolResultError,
} from './server-tool-result.ts'

/**
 * A part of an answer. The union is closed for the type checker's sake; the API adds block types between
 * releases, and at run time an unknown one passes through untouched.
 */
export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | WebSearchToolResultBlock
  | WebFetchToolResultBlock
  | CodeExecutionToolResultBlock
  | BashCodeExecutionToolResultBlock
  | TextEditorCodeExecutionToolResultBlock
  | ToolSearchToolResultBlock
  | ContainerUploadBlock

/** Text of an answer. */
export interface TextBlock {
  type: 'text'
  text: string
  citations: Citation[] | null
}

/** What the model thought before it went on. */
export interface ThinkingBlock {
  type: 'thinking'
  /** Empty where `display` is `omitted`. */
  thinking: string
  /** Proof that the API wrote this thinking; send the block back unchanged. */
  signature: string
}

/** Thinking that only the API can read; send it back unchanged. */
export interface RedactedThinkingBlock {
  type: 'redacted_thinking'
  data: string
}

/** The model asks for a tool of yours: answer with a `tool_result` block of the same id in the next user message. */
export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  /** As the model wrote it, so check it against the tool's schema before use. */
  input: unknown
  caller: ToolCaller
  /** `browser` or `computer` where the tool belongs to that toolset; repeat it in the `tool_result`. */
  toolset_name?: string | null
}

/** A tool that the API runs itself. */
export type ServerToolName =
  | 'web_search'
  | 'web_fetch'
  | 'code_execution'
  | 'bash_code_execution'
  | 'text_editor_code_execution'
  | 'tool_search_tool_regex'
  | 'tool_search_tool_bm25'

/** A call of a tool that the API runs itself; its result is a later block of the same message. */
export interface ServerToolUseBlock {
  type: 'server_tool_use'
  id: string
  name: ServerToolName
  input: unknown
  caller: ToolCaller
}

/** What came of a search of the web. */
export interface WebSearchToolResultBlock {
  type: 'web_search_tool_result'
  tool_use_id: string
  content: WebSearchResult[] | WebSearchToolResultError
  caller: ToolCaller
}

/** What came of fetching a page. */
export interface WebFetchToolResultBlock {
  type: 'web_fetch_tool_result'
  tool_use_id: string
  content: WebFetchResult | WebFetchToolResultError
  caller: ToolCaller
}

/** A page that the API has fetched. */
export interface WebFetchResult {
  type: 'web_fetch_result'
  content: DocumentBlock
  /** ISO 8601. */
  retrieved_at: string | null
  url: string
}

/** A document in an answer; only inside a {@link WebFetchResult}. */
export interface DocumentBlock {
  type: 'document'
  source: Base64PDFSource | PlainTextSource
  title: string | null
  citations: { enabled: boolean } | null
}

/** What came of code in the code execution tool. */
export interface CodeExecutionToolResultBlock {
  type: 'code_execution_tool_result'
  tool_use_id: string
  content: CodeExecutionResult | EncryptedCodeExecutionResult | CodeExecutionToolResultError
}

/** What came of a command in the code execution tool. */
export interface BashCodeExecutionToolResultBlock {
  type: 'bash_code_execution_tool_result'
  tool_use_id: string
  content: BashCodeExecutionResult | BashCodeExecutionToolResultError
}

/** What came of a look at a file, or of a change to it, in the code execution tool. */
export interface TextEditorCodeExecutionToolResultBlock {
  type: 'text_editor_code_execution_tool_result'
  tool_use_id: string
  content:
    | TextEditorCodeExecutionViewResult
    | TextEditorCodeExecutionCreateResult
    | TextEditorCodeExecutionStrReplaceResult
    | TextEditorCodeExecutionToolResultError
}

/** What came of the search for a tool. */
export interface ToolSearchToolResultBlock {
  type: 'tool_search_tool_result'
  tool_use_id: string
  content: ToolSearchResult | ToolSearchToolResultError
}

/** A file of the container that the code execution tool reads or wrote. */
export interface ContainerUploadBlock {
  type: 'container_upload'
  file_id: string
}
