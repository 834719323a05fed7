import type { Message } from '../wire/index.ts'
import { EnjambError, type ErrorFields } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

export interface MaxOutputTokensErrorFields extends ErrorFields {
  partial: Message
}

/** The model reached `max_tokens` where a whole answer was needed; `partial` is what it wrote until then. */
export class MaxOutputTokensError extends EnjambError {
  override get code(): ErrorCode {
    return 'max_output_tokens'
  }
  declare readonly partial: Message

  constructor(message: string, fields: MaxOutputTokensErrorFields) {
    super(message, fields)
  }
}
