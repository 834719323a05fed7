const statuses = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const

/** The API's error types, and any other that a script makes up. */
export type MockErrorType = keyof typeof statuses | (string & {})

const messages: Record<string, string> = {
  billing_error: 'Your credit balance is too low to access the Anthropic API.',
  permission_error: 'Your API key does not have permission to use the specified resource.',
  rate_limit_error: "This request would exceed your organization's rate limit. Please try again later.",
  api_error: 'Internal server error',
  timeout_error: 'Request timed out',
  overloaded_error: 'Overloaded',
  authentication_error: 'invalid x-api-key',
  not_found_error: 'Not Found',
  conflict_error: 'Conflict',
  request_too_large: 'Request exceeds the maximum size',
}

/** The HTTP status of an error type; 500 for an unknown one. */
export function statusOfType(type: MockErrorType): number {
  return (statuses as Record<string, number>)[type] ?? 500
}

/** The error type that the API sends with a status. */
export function typeOfStatus(status: number): MockErrorType {
  for (const [type, its] of Object.entries(statuses)) if (its === status) return type
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}

/** What the API says for an error of this type, where the script says nothing. */
export function messageOfType(type: MockErrorType): string {
  return messages[type] ?? 'Error'
}
