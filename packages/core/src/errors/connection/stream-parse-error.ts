import { EnjambError } from '../enjamb-error.ts'
import type { ErrorCode } from '../error-code.ts'

/** What arrived is not what the format allows: broken JSON, an event out of order, a frame over the size limit. */
export class StreamParseError extends EnjambError {
  override get code(): ErrorCode {
    return 'stream_parse'
  }
}
