/** What the exceptions of a stream are among the API's errors. */
const types: Record<string, [type: string, status: number]> = {
  throttlingException: ['rate_limit_error', 429],
  validationException: ['invalid_request_error', 400],
  accessDeniedException: ['permission_error', 403],
  resourceNotFoundException: ['not_found_error', 404],
  modelTimeoutException: ['timeout_error', 504],
  serviceUnavailableException: ['api_error', 503],
}

/**
 * The API's `error` event, as a frame, for an exception or an error that an event stream ends with. What is not known is an
 * error of the server: of a stream that broke off, AWS says that it is to be asked for again.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ResponseStream.html
 */
export function errorEvent(headers: ReadonlyMap<string, string>, payload: string): string {
  const name = headers.get(':exception-type') ?? headers.get(':error-code') ?? 'unknown'
  const [type, code] = types[`${name[0]?.toLowerCase()}${name.slice(1)}`] ?? ['api_error', 500]
  const message = headers.get(':error-message') ?? messageIn(payload) ?? name
  const error = { type, code, message, details: { error_code: name } }
  return `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`
}

function messageIn(payload: string): string | undefined {
  try {
    const { message, Message = message } = Object(JSON.parse(payload)) as { message?: unknown; Message?: unknown }
    return typeof Message === 'string' ? Message : undefined
  } catch {
    return payload.slice(0, 1_000) || undefined
  }
}
