/** Who asked for a tool call: the model itself, or code that it runs in the code execution tool. */
export type ToolCaller = DirectCaller | CodeExecutionCaller

/** The call was made by the model itself. */
export interface DirectCaller {
  type: 'direct'
}

/** The call was made by code in the code execution tool. */
export interface CodeExecutionCaller {
  type: 'code_execution_20250825' | 'code_execution_20260120'
  /** The id of the `server_tool_use` block whose code made the call. */
  tool_id: string
}
