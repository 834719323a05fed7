import type { ErrorCode } from '../error-code.ts'
import { ServerError } from './server-error.ts'

/** 529, or an `overloaded_error` event inside a stream: the API has too much to do for everybody. */
export class OverloadedError extends ServerError {
  override get code(): ErrorCode {
    return 'overloaded'
  }
}
