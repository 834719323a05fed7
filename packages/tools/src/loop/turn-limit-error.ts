import { EnjambError, type ErrorFields } from '@enjamb/core'
import type { ToolRunResult } from './tool-run.ts'

/**
 * A run reached `maxTurns` while the model was still asking for tools. Nothing is lost: `result` is the run so far, the
 * results of the last calls stand in its `messages`, and a new run with those goes on from there.
 */
export class TurnLimitError extends EnjambError {
  override get code(): string {
    return 'turn_limit'
  }
  declare readonly result: ToolRunResult

  constructor(message: string, fields: ErrorFields & { result: ToolRunResult }) {
    super(message, fields)
  }
}
