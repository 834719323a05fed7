import type { Cost } from '../models/cost-of.ts'
import type { Message, Usage } from '../wire/index.ts'
import { EnjambError, type ErrorFields } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

export interface MaxOutputTokensErrorFields extends ErrorFields {
  partial: Message
  usage?: Usage | undefined
  cost?: Cost | undefined
}

/** The model reached `max_tokens` where a whole answer was needed; `partial` is what it wrote until then. */
export class MaxOutputTokensError extends EnjambError {
  override get code(): ErrorCode {
    return 'max_output_tokens'
  }
  declare readonly partial: Message
  /** Of all attempts, where there may have been several; of this one, `partial.usage` says it. */
  declare readonly usage?: Usage | undefined
  /** The same at list prices. */
  declare readonly cost?: Cost | undefined

  constructor(message: string, fields: MaxOutputTokensErrorFields) {
    super(message, fields)
  }
}
