import type { Cost } from '../models/cost-of.ts'
import type { Message, Usage } from '../wire/index.ts'
import { EnjambError, type ErrorFields } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

export interface RefusalErrorFields extends ErrorFields {
  partial: Message
  usage: Usage
  cost?: Cost | undefined
}

/**
 * The model declined to answer, where an answer was needed; `partial` is what it wrote until then, and its `stop_details`
 * say why. The same question gets the same answer: leave it out of the history, or ask another model.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
export class RefusalError extends EnjambError {
  override get code(): ErrorCode {
    return 'refusal'
  }
  declare readonly partial: Message
  /** Of all that it took to get here. */
  declare readonly usage: Usage
  /** The same at list prices; `undefined` for a model without one. */
  declare readonly cost: Cost | undefined

  constructor(message: string, fields: RefusalErrorFields) {
    super(message, fields)
  }
}
