import { EnjambError, type ErrorFields } from '@enjamb/core'

/** A journal cannot be read, as a later release wrote it: update this package. */
export class JournalError extends EnjambError {
  override get code(): string {
    return 'journal'
  }
  declare readonly sessionId: string
  /** Where, from 1. */
  declare readonly line: number

  constructor(message: string, fields: ErrorFields & { sessionId: string; line: number }) {
    super(message, fields)
  }
}
