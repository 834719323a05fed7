/** Error codes that every server tool can give. */
type CommonErrorCode = 'invalid_tool_input' | 'unavailable' | 'too_many_requests'

/** A page that a search of the web has found. */
export interface WebSearchResult {
  type: 'web_search_result'
  /** Opaque; send it back unchanged. */
  encrypted_content: string
  page_age: string | null
  title: string
  url: string
}

/** Why a search of the web failed. */
export interface WebSearchToolResultError {
  type: 'web_search_tool_result_error'
  error_code: CommonErrorCode | 'max_uses_exceeded' | 'query_too_long' | 'request_too_large'
}

/** Why a page could not be fetched. */
export interface WebFetchToolResultError {
  type: 'web_fetch_tool_result_error'
  error_code:
    | CommonErrorCode
    | 'max_uses_exceeded'
    | 'url_too_long'
    | 'url_not_allowed'
    | 'url_not_in_prior_context'
    | 'url_not_accessible'
    | 'unsupported_content_type'
    | 'content_too_large'
}

/** A file that code has made. */
export interface CodeExecutionOutput {
  type: 'code_execution_output'
  file_id: string
}

/** What code printed, and the files it made. */
export interface CodeExecutionResult {
  type: 'code_execution_result'
  content: CodeExecutionOutput[]
  return_code: number
  stderr: string
  stdout: string
}

/** A code execution result whose output only the API can read. */
export interface EncryptedCodeExecutionResult {
  type: 'encrypted_code_execution_result'
  content: CodeExecutionOutput[]
  encrypted_stdout: string
  return_code: number
  stderr: string
}

/** Why code could not be run. */
export interface CodeExecutionToolResultError {
  type: 'code_execution_tool_result_error'
  error_code: CommonErrorCode | 'execution_time_exceeded'
}

/** A file that a command has made. */
export interface BashCodeExecutionOutput {
  type: 'bash_code_execution_output'
  file_id: string
}

/** What a command printed, and the files it made. */
export interface BashCodeExecutionResult {
  type: 'bash_code_execution_result'
  content: BashCodeExecutionOutput[]
  return_code: number
  stderr: string
  stdout: string
}

/** Why a command could not be run. */
export interface BashCodeExecutionToolResultError {
  type: 'bash_code_execution_tool_result_error'
  error_code: CommonErrorCode | 'execution_time_exceeded' | 'output_file_too_large'
}

/** What stands in a file. */
export interface TextEditorCodeExecutionViewResult {
  type: 'text_editor_code_execution_view_result'
  content: string
  file_type: 'text' | 'image' | 'pdf'
  num_lines: number | null
  start_line: number | null
  total_lines: number | null
}

/** A file was written. */
export interface TextEditorCodeExecutionCreateResult {
  type: 'text_editor_code_execution_create_result'
  is_file_update: boolean
}

/** A part of a file was replaced. */
export interface TextEditorCodeExecutionStrReplaceResult {
  type: 'text_editor_code_execution_str_replace_result'
  lines: string[] | null
  new_lines: number | null
  new_start: number | null
  old_lines: number | null
  old_start: number | null
}

/** Why a file could not be shown or changed. */
export interface TextEditorCodeExecutionToolResultError {
  type: 'text_editor_code_execution_tool_result_error'
  error_code: CommonErrorCode | 'execution_time_exceeded' | 'file_not_found'
  error_message: string | null
}

/** A tool that a search has found, by its name. */
export interface ToolReference {
  type: 'tool_reference'
  tool_name: string
}

/** The tools that a search has found. */
export interface ToolSearchResult {
  type: 'tool_search_tool_search_result'
  tool_references: ToolReference[]
}

/** Why a search for a tool failed. */
export interface ToolSearchToolResultError {
  type: 'tool_search_tool_result_error'
  error_code: CommonErrorCode | 'execution_time_exceeded'
  error_message: string | null
}
