import { EnjambError, type ErrorFields } from '@enjamb/core'

/** The Claude Code program failed, and what it said is none of the errors that are known. */
export class ClaudeProgramError extends EnjambError {
  override get code(): string {
    return 'claude_program'
  }
  /** `null` where a signal ended it. */
  declare readonly exitCode: number | null
  declare readonly signal: string | null
  /** The last that it wrote there, at most 64 KiB. */
  declare readonly stderr: string

  constructor(
    message: string,
    fields: ErrorFields & { exitCode: number | null; signal: string | null; stderr: string },
  ) {
    super(message, fields)
  }

  override get retryable(): boolean {
    return true
  }
}
