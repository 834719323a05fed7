import { APIError } from './api-error.ts'

/** 400: the request itself is wrong; the message names the field. */
export class InvalidRequestError extends APIError {
  override get code(): string {
    return 'invalid_request'
  }
}
