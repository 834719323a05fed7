import type { Message } from '../../wire/index.ts'
import { EnjambError, type ErrorFields } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

export interface StreamInterruptedErrorFields extends ErrorFields {
  partial: Message
}

/** A stream ended or broke after content had arrived. Nothing is lost: `partial` is the message so far. */
export class StreamInterruptedError extends (EnjambError as new (
  message: string,
  fields: StreamInterruptedErrorFields,
) => EnjambError) {
  override get code(): ErrorCode {
    return 'stream_interrupted'
  }
  declare readonly partial: Message
}
