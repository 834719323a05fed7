import type { ErrorCode } from '../error-code.ts'
import { APIError } from './api-error.ts'

/** 401: the credential is missing, wrong, expired or revoked. */
export class AuthenticationError extends APIError {
  override get code(): ErrorCode {
    return 'authentication'
  }
}
