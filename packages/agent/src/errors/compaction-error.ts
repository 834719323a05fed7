import { type Cost, EnjambError, type ErrorFields, type Usage } from '@enjamb/core'

/**
 * A history was not put into a summary, and is as it was. `cause` has what failed, where a request did; where there is none, the
 * history cannot be shortened.
 */
export class CompactionError extends EnjambError {
  override get code(): string {
    return 'compaction'
  }
  /** What the attempt used; `undefined` where nothing was. */
  declare readonly usage: Usage | undefined
  declare readonly cost: Cost | undefined

  constructor(message: string, fields?: ErrorFields & { usage?: Usage | undefined; cost?: Cost | undefined }) {
    super(message, fields)
  }

  override get retryable(): boolean {
    return !!(this.cause as { retryable?: boolean } | undefined)?.retryable
  }
}
