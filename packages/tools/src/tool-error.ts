import { EnjambError, type ErrorFields, type ToolResultContent } from '@enjamb/core'

/**
 * Thrown by a tool to tell the model what went wrong in blocks of its own; any other error reaches the model as its
 * message.
 */
export class ToolError extends EnjambError {
  override get code(): string {
    return 'tool'
  }
  declare readonly content: ToolResultContent[]

  constructor(message: string, fields: ErrorFields & { content: ToolResultContent[] }) {
    super(message, fields)
  }
}
