import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 404: no such model, batch, file or path. */
export class NotFoundError extends APIError {
  override get code(): ErrorCode {
    return 'not_found'
  }
}
