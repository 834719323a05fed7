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
