import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 403: the credential is valid and may not do this. */
export class PermissionDeniedError extends APIError {
  override get code(): ErrorCode {
    return 'permission_denied'
  }
}
