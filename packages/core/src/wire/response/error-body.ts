/**
 * The body of an error response, and the data of an `error` event in a stream. What arrives varies:
 * `type` may be missing, `request_id` may stand in the header only, and a gateway answers in HTML.
 *
 * @see https://platform.claude.com/docs/en/api/errors
 */
export interface ErrorBody {
  type: 'error'
  error: ErrorObject
  request_id: string | null
}

/** What went wrong, in the API's words. */
export interface ErrorObject {
  type: ErrorType
  /** For people; its wording changes. */
  message: string
  /** What exactly went wrong, where the API says so. */
  details?: ErrorDetails | null
}

/** Some codes carry more fields. */
export interface ErrorDetails {
  error_code: string
}

/** The kinds of errors that the API has names for. It adds others between releases. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error'
  | 'memory_precondition_failed_error'
  | 'memory_path_conflict_error'
