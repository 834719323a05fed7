import { APIError } from './api-error.ts'
import { AuthenticationError } from './authentication-error.ts'
import { BillingError } from './billing-error.ts'
import { BudgetExceededError } from './budget-exceeded-error.ts'
import { ConfigError } from './config-error.ts'
import { ConflictError } from './conflict-error.ts'
import { ConnectionError } from './connection-error.ts'
import { EnjambError, isEnjambError } from './enjamb-error.ts'
import { IdleTimeoutError } from './idle-timeout-error.ts'
import { InvalidRequestError } from './invalid-request-error.ts'
import { MaxOutputTokensError } from './max-output-tokens-error.ts'
import { NotFoundError } from './not-found-error.ts'
import { OverloadedError } from './overloaded-error.ts'
import { PermissionDeniedError } from './permission-denied-error.ts'
import { RateLimitError } from './rate-limit-error.ts'
import { redact } from './redact.ts'
import { RequestAbortedError } from './request-aborted-error.ts'
import { RequestTimeoutError } from './request-timeout-error.ts'
import { RequestTooLargeError } from './request-too-large-error.ts'
import { ServerError } from './server-error.ts'
import { StreamInterruptedError } from './stream-interrupted-error.ts'
import { StreamParseError } from './stream-parse-error.ts'

/** An error as plain JSON, for a queue, a log or a worker. */
export interface ErrorJSON {
  name: string
  code?: string
  message: string
  stack?: string
  cause?: ErrorJSON
  /** Everything else the error carries, under its own name; `headers` as pairs, dates as ISO 8601. */
  fields: Record<string, unknown>
}

// biome-ignore lint/suspicious/noExplicitAny: each class takes fields of its own, and gets back those it wrote.
const classes: Record<string, new (message: string, fields: any) => EnjambError> = {
  enjamb: EnjambError,
  api: APIError,
  invalid_request: InvalidRequestError,
  authentication: AuthenticationError,
  billing: BillingError,
  permission_denied: PermissionDeniedError,
  not_found: NotFoundError,
  conflict: ConflictError,
  request_too_large: RequestTooLargeError,
  rate_limit: RateLimitError,
  server: ServerError,
  overloaded: OverloadedError,
  connection: ConnectionError,
  request_timeout: RequestTimeoutError,
  idle_timeout: IdleTimeoutError,
  request_aborted: RequestAbortedError,
  stream_interrupted: StreamInterruptedError,
  stream_parse: StreamParseError,
  max_output_tokens: MaxOutputTokensError,
  budget_exceeded: BudgetExceededError,
  config: ConfigError,
}

/** Writes any error as JSON, `cause` included (at most eight deep); credentials are redacted. */
export function errorToJSON(error: unknown, depth = 8): ErrorJSON {
  if (!(error instanceof Error) && !isEnjambError(error)) {
    return { name: 'Error', message: redact(String(error)), fields: {} }
  }
  const fields = toPlain(error)
  if ('headers' in error && error.headers instanceof Headers) fields.headers = [...error.headers]
  return {
    name: error.name,
    ...(isEnjambError(error) ? { code: error.code } : {}),
    message: redact(error.message),
    ...(error.stack === undefined ? {} : { stack: redact(error.stack) }),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: errorToJSON(error.cause, depth - 1) }),
    fields,
  }
}

/** What an error carries beside what every error has; a value that JSON has no form for is left out, or a text. */
function toPlain(error: Error): Record<string, unknown> {
  const { name: _n, message: _m, stack: _s, cause: _c, ...fields } = error as Error & Record<string, unknown>
  const plain: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    try {
      const json = JSON.stringify(value)
      if (json !== undefined) plain[key] = JSON.parse(redact(json))
    } catch {
      plain[key] = redact(String(value))
    }
  }
  return plain
}

/** The error again, of its own class and with its fields; an unknown `code` gives the nearest root, `EnjambError`. */
export function errorFromJSON(json: ErrorJSON): Error {
  const cause = json.cause === undefined ? {} : { cause: errorFromJSON(json.cause) }
  const error =
    json.code === undefined
      ? Object.defineProperty(new Error(json.message, cause), 'name', { value: json.name, configurable: true })
      : new (Object.hasOwn(classes, json.code) ? classes[json.code]! : EnjambError)(json.message, {
          ...revive(json.fields),
          ...cause,
        })
  if (json.stack !== undefined) error.stack = json.stack
  return error
}

function revive(fields: Record<string, unknown>): Record<string, unknown> {
  const { headers, resetsAt, ...rest } = fields
  return {
    ...rest,
    ...(Array.isArray(headers) ? { headers: new Headers(headers as [string, string][]) } : {}),
    ...(typeof resetsAt === 'string' ? { resetsAt: new Date(resetsAt) } : {}),
  }
}
