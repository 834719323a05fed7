/** Who asked for a tool call: the model itself, or code that it runs in the code execution tool. */
export type ToolCaller = DirectCaller | CodeExecutionCaller

export interface DirectCaller {
  type: 'direct'
}

export interface CodeExecutionCaller {
  type: 'code_execution_20250825' | 'code_execution_20260120'
  /** The id of the `server_tool_use` block whose code made the call. */
  tool_id: string
}
