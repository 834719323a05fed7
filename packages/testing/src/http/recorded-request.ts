import type { IncomingRequest } from './incoming-request.ts'

/** A request as the mock got it. */
export interface RecordedRequest {
  method: string
  /** Without the query. */
  path: string
  query: Record<string, string>
  /** Names in lower case; the values of credentials are redacted. */
  headers: Record<string, string>
  /** The parsed JSON; the text where it is none; `undefined` without a body. */
  body: unknown
  /** The `request-id` that the response carries. */
  requestId: string
}

/** A request's headers, without its credentials. */
export function redactedHeaders(headers: IncomingRequest['headers']): Record<string, string> {
  const seen = { ...headers } as Record<string, string>
  if (seen.authorization) seen.authorization = seen.authorization.replace(/^(Bearer )?.*$/is, '$1[redacted]')
  for (const name of ['x-api-key', 'cookie', 'proxy-authorization']) if (name in seen) seen[name] = '[redacted]'
  return seen
}
