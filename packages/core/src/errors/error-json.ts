import { APIError } from './api/api-error.ts'
import { AuthenticationError } from './api/authentication-error.ts'
import { BillingError } from './api/billing-error.ts'
import { ConflictError } from './api/conflict-error.ts'
import { InvalidRequestError } from './api/invalid-request-error.ts'
import { NotFoundError } from './api/not-found-error.ts'
import { OverloadedError } from './api/overloaded-error.ts'
import { PermissionDeniedError } from './api/permission-denied-error.ts'
import { RateLimitError } from './api/rate-limit-error.ts'
import { RequestTooLargeError } from './api/request-too-large-error.ts'
import { ServerError } from './api/server-error.ts'
import { BudgetExceededError } from './budget-exceeded-error.ts'
import { ConfigError } from './config-error.ts'
import { ConnectionError } from './connection/connection-error.ts'
import { IdleTimeoutError } from './connection/idle-timeout-error.ts'
import { RequestAbortedError } from './connection/request-aborted-error.ts'
import { RequestTimeoutError } from './connection/request-timeout-error.ts'
import { StreamInterruptedError } from './connection/stream-interrupted-error.ts'
import { StreamParseError } from './connection/stream-parse-error.ts'
import { EnjambError, isEnjambError } from './enjamb-error.ts'
import { MaxOutputTokensError } from './max-output-tokens-error.ts'
import { redact } from './redact.ts'
import { RefusalError } from './refusal-error.ts'
import { SchemaMismatchError } from './schema-mismatch-error.ts'

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
  refusal: RefusalError,
  schema_mismatch: SchemaMismatchError,
  budget_exceeded: BudgetExceededError,
  config: ConfigError,
}

/** Writes any error as JSON, `cause` included (at most eight deep); credentials are redacted. */
export function errorToJSON(error: unknown, depth = 8): ErrorJSON {
  if (!(error instanceof Error) && !isEnjambError(error)) {
    return { name: 'Error', message: redact(String(error)), fields: {} }
  }
  const fields = toPlain(error)
  if ('headers' in error && error.headers instanceof Headers) {
    fields.headers = [...error.headers].map(([name, value]) => [name, redact(value)])
  }
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
  if (isEnjambError(error)) delete fields.code
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

/**
 * The error again, of its own class and with its fields. One whose `code` this release does not know is an
 * {@link EnjambError} of that name and code; one that was not ours is an `Error`. `cause` is read eight deep, too.
 */
export function errorFromJSON(json: ErrorJSON, depth = 8): Error {
  const { name, code, message, stack, fields } = json
  const cause = json.cause === undefined || depth === 0 ? {} : { cause: errorFromJSON(json.cause, depth - 1) }
  if (code === undefined) {
    const error = Object.assign(new Error(message, cause), revive(fields, ['__proto__']))
    return restore(error, { name, stack })
  }
  const known = Object.hasOwn(classes, code)
  const Kind = known ? classes[code]! : rootOf(code)
  const error = new Kind(message, { ...revive(fields, computed), ...cause })
  return restore(error, known ? { stack } : { name, stack })
}

function rootOf(code: string): typeof EnjambError {
  return class extends EnjambError {
    override get code(): string {
      return code
    }
  }
}

/** What a class says by itself: nothing to assign, whatever the JSON says. */
const computed = ['__proto__', 'name', 'code', 'message', 'stack', 'retryable', 'cause']

function revive(fields: Record<string, unknown>, without: string[]): Record<string, unknown> {
  const revived = Object.fromEntries(Object.entries(fields).filter(([key]) => !without.includes(key)))
  if (Array.isArray(revived.headers)) revived.headers = new Headers(revived.headers)
  if (typeof revived.resetsAt === 'string') revived.resetsAt = new Date(revived.resetsAt)
  return revived
}

/** Hidden, as they are on an error that was thrown here. */
function restore(error: Error, properties: Record<string, string | undefined>): Error {
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true })
  }
  return error
}
