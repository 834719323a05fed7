import { APIError, isEnjambError } from '@enjamb/core'

/** What is wrong with a request, as OpenAI's clients read it. */
export class OpenAIError extends Error {
  readonly status: number
  readonly type: string
  readonly param: string | null
  readonly code: string | null
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    {
      status = 400,
      type = 'invalid_request_error',
      param = null,
      code = null,
      retryAfterMs,
    }: {
      status?: number
      type?: string
      param?: string | null
      code?: string | null
      retryAfterMs?: number | undefined
    } = {},
  ) {
    super(message)
    this.status = status
    this.type = type
    this.param = param
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** @throws {OpenAIError} always: what a parameter asks for is not to be had here */
export function refuse(param: string, problem: string, code = 'unsupported_parameter'): never {
  throw new OpenAIError(`${param} ${problem}`, { param, code })
}

/** What the server's own credentials, or its bill, have to do with it is no client's business. */
const own = ['authentication', 'permission_denied', 'billing']

/** Any failure as an error of OpenAI's kind, with nothing in it that is the server's alone. */
export function toOpenAIError(error: unknown): OpenAIError {
  if (error instanceof OpenAIError) return error
  if (!isEnjambError(error)) return new OpenAIError('The server failed.', { status: 500, type: 'server_error' })
  const { code, message } = error
  // What the server lacks is no fault of the request.
  const isOwn = own.includes(code) || (code === 'config' && /apiKey|authToken|baseURL/.test(message))
  if (isOwn) {
    return new OpenAIError('The server is not let in upstream.', { status: 502, type: 'server_error' })
  }
  if (code === 'config') return new OpenAIError(message, { code: 'invalid_value' })
  if (code === 'budget_exceeded') {
    return new OpenAIError('The budget is spent.', {
      status: 429,
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    })
  }
  if (!(error instanceof APIError)) {
    const status = /timeout/.test(code) ? 504 : 502
    return new OpenAIError('No whole answer came from upstream.', { status, type: 'server_error', code })
  }
  const { status, retryAfterMs } = error
  if (status === 429)
    return new OpenAIError(message, { status, type: 'rate_limit_error', code: 'rate_limit_exceeded', retryAfterMs })
  if (status >= 500)
    return new OpenAIError(message, { status: status === 529 ? 503 : status, type: 'server_error', code, retryAfterMs })
  return new OpenAIError(message, { status, code: status === 404 ? 'model_not_found' : code })
}

export function errorBody({ message, type, param, code }: OpenAIError): object {
  return { error: { message, type, param, code } }
}
