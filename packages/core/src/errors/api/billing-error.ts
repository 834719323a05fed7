import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 402, or a 400 that says the credit balance is too low: pay, then try again. */
export class BillingError extends APIError {
  override get code(): ErrorCode {
    return 'billing'
  }
}
