import { EnjambError } from '../enjamb-error.ts'

/** What arrived is not what the format allows: broken JSON, an event out of order, a frame over the size limit. */
export class StreamParseError extends EnjambError {
  override get code(): string {
    return 'stream_parse'
  }
}
