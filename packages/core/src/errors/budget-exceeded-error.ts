import { EnjambError, type ErrorFields } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

export interface BudgetExceededErrorFields extends ErrorFields {
  estimatedCost: number
  limit: number
  remaining: number
  project: string
}

/** A call could have broken its project's budget, so it was not sent. All amounts are in US dollars. */
export class BudgetExceededError extends EnjambError {
  override get code(): ErrorCode {
    return 'budget_exceeded'
  }
  /** The most that the call could have cost. */
  declare readonly estimatedCost: number
  declare readonly limit: number
  declare readonly remaining: number
  declare readonly project: string

  constructor(message: string, fields: BudgetExceededErrorFields) {
    super(message, fields)
  }
}
