import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 409: the resource changed meanwhile. */
export class ConflictError extends APIError {
  override get code(): ErrorCode {
    return 'conflict'
  }
}
