import { APIError } from './api-error.ts'

/** 400: the request itself is wrong; the message names the field. */
export class InvalidRequestError extends APIError {
  override get name(): string {
    return 'InvalidRequestError'
  }
  override get code(): string {
    return 'invalid_request'
  }
}
