const brand = Symbol.for('enjamb.error')

/** What every error constructor takes beside the message. */
export interface ErrorFields {
  cause?: unknown
}

/**
 * The root of every error this project throws.
 *
 * `code` is stable across releases and minification: switch on it, or use {@link isEnjambError} and `instanceof`.
 */
export class EnjambError extends Error {
  override get name(): string {
    return 'EnjambError'
  }
  get code(): string {
    return 'enjamb'
  }

  constructor(message: string, fields: ErrorFields = {}) {
    super(message, 'cause' in fields ? { cause: fields.cause } : undefined)
  }

  get [brand](): true {
    return true
  }
}

/** Is this an error of this project, also when it comes from another copy of the package? */
export function isEnjambError(value: unknown): value is EnjambError {
  return typeof value === 'object' && value !== null && brand in value
}
