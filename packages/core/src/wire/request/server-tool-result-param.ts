import type { Cacheable } from '../cache-control.ts'
import type { ToolCaller } from '../caller.ts'
import type {
  TextEditorCodeExecutionCreateResult,
  TextEditorCodeExecutionStrReplaceResult,
  TextEditorCodeExecutionToolResultError,
  TextEditorCodeExecutionViewResult,
  ToolReference,
  ToolSearchToolResultError,
  WebFetchToolResultError,
  WebSearchResult,
  WebSearchToolResultError,
} from '../response/server-tool-result.ts'
import type { DocumentBlockParam } from './document-block-param.ts'

/** `T` with the keys `K` optional: what an answer always carries and a request may leave out. */
type Loosen<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>

export interface WebSearchToolResultBlockParam extends Cacheable {
  type: 'web_search_tool_result'
  tool_use_id: string
  content: Loosen<WebSearchResult, 'page_age'>[] | WebSearchToolResultError
  caller?: ToolCaller
}

export interface WebFetchToolResultBlockParam extends Cacheable {
  type: 'web_fetch_tool_result'
  tool_use_id: string
  content: WebFetchResultParam | WebFetchToolResultError
  caller?: ToolCaller
}

/** A fetched page, sent back as it came. */
export interface WebFetchResultParam {
  type: 'web_fetch_result'
  content: DocumentBlockParam
  /** ISO 8601. */
  retrieved_at?: string | null
  url: string
}

export interface TextEditorCodeExecutionToolResultBlockParam extends Cacheable {
  type: 'text_editor_code_execution_tool_result'
  tool_use_id: string
  content:
    | Loosen<TextEditorCodeExecutionViewResult, 'num_lines' | 'start_line' | 'total_lines'>
    | TextEditorCodeExecutionCreateResult
    | Loosen<TextEditorCodeExecutionStrReplaceResult, 'lines' | 'new_lines' | 'new_start' | 'old_lines' | 'old_start'>
    | Loosen<TextEditorCodeExecutionToolResultError, 'error_message'>
}

export interface ToolReferenceBlockParam extends ToolReference, Cacheable {}

export interface ToolSearchToolResultBlockParam extends Cacheable {
  type: 'tool_search_tool_result'
  tool_use_id: string
  content:
    | { type: 'tool_search_tool_search_result'; tool_references: ToolReferenceBlockParam[] }
    | Loosen<ToolSearchToolResultError, 'error_message'>
}
