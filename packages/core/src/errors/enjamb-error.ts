import type { Message } from '../wire/index.ts'
import type { ErrorCode } from './error-code.ts'

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
  /** Set on every error that ends a stream after something has arrived: the message so far. */
  declare partial?: Message

  get code(): ErrorCode {
    return 'enjamb'
  }

  // From the code, not from the class: minification renames classes.
  override get name(): string {
    return `${this.code.replace(/(?:^|_)(api|.)/g, (_, start: string) => start.toUpperCase())}Error`
  }

  /** Could the same request succeed when it is sent again? */
  get retryable(): boolean {
    return false
  }

  get [brand](): true {
    return true
  }

  constructor(message: string, fields?: ErrorFields) {
    // The platform makes `cause` a hidden property, and what is assigned to it stays hidden.
    super(message, fields)
    Object.assign(this, fields)
    // Of its own, so that it is printed.
    Object.defineProperty(this, 'code', { value: this.code, enumerable: true })
  }
}

/** Is this an error of this project, also when it comes from another copy of the package? */
export function isEnjambError(value: unknown): value is EnjambError {
  return brand in Object(value)
}
