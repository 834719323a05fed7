import { EnjambError, type ErrorFields } from '@enjamb/core'

/**
 * A session can be rewound to, or forked at, an entry after which no turn is open and which was not itself rewound; this one
 * is another. {@link TurnBoundaryError.before} and `after` are the nearest that will do.
 */
export class TurnBoundaryError extends EnjambError {
  override get code(): string {
    return 'turn_boundary'
  }
  /** What was asked for. */
  declare readonly seq: number
  declare readonly before?: number | undefined
  declare readonly after?: number | undefined

  constructor(message: string, fields: ErrorFields & { seq: number; before?: number; after?: number }) {
    super(message, fields)
  }
}
