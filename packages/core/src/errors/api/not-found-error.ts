import { APIError } from './api-error.ts'

/** 404: no such model, batch, file or path. */
export class NotFoundError extends APIError {
  override get code(): string {
    return 'not_found'
  }
}
