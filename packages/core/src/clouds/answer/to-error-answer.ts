import { isErrorBody } from '../../http/answer/is-error-body.ts'
import { readText } from '../../http/answer/read-text.ts'
import type { Cloud } from '../cloud.ts'
import { toBodyResponse } from './to-body-response.ts'

/** The parts of the errors of AWS, Google and Azure. */
interface CloudError {
  message?: unknown
  Message?: unknown
  /** Google's name for it, as `RESOURCE_EXHAUSTED`. */
  status?: unknown
  /** Azure's name for it, or again the status. */
  code?: unknown
  /** AWS's, where no header has it. */
  __type?: unknown
  /** Google's, among them how long to wait. */
  details?: { retryDelay?: unknown }[]
}

/** The API's words for a status. */
const types: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/**
 * The API's error for one of a cloud, whose name for it becomes the `errorCode`. What the model itself refuses comes as the
 * API's error everywhere, and stays as it is; so does what is no error of either form.
 */
export async function toErrorAnswer(response: Response, { statusOf }: Cloud): Promise<Response> {
  const text = await readText(response, 65_536, 5_000)
  const headers = new Headers(response.headers)
  const { error, name, retryDelay } = parseError(text, headers)
  const message = String(error.message ?? error.Message ?? '')
  const status = statusOf?.(response.status, name, message) ?? response.status
  const seconds = Number.parseFloat(String(retryDelay))
  if (seconds > 0 && !headers.has('retry-after')) headers.set('retry-after', String(Math.ceil(seconds)))
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  const details = name ? { error_code: name } : undefined
  const body = message ? JSON.stringify({ type: 'error', error: { type, message, details } }) : text
  return toBodyResponse({ status, statusText: response.statusText, url: response.url, headers }, body)
}

function parseError(text: string, headers: Headers): { error: CloudError; name: string; retryDelay?: unknown } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {}
  // Google's streaming methods answer with a list.
  const [body] = [value].flat()
  const own = Object(Object(body).error ?? body) as CloudError & { type?: unknown }
  if (isErrorBody(body) && typeof own.type === 'string') return { error: {}, name: '' }
  const named = headers.get('x-amzn-errortype') ?? own.status ?? own.__type ?? own.code
  // AWS has a namespace before its names, and an address behind them.
  const name = typeof named === 'string' ? (named.split(':')[0]!.split('#').pop() ?? '') : ''
  const delayed = [own.details ?? []].flat().find((detail) => Object(detail).retryDelay)
  return { error: own, name, retryDelay: delayed?.retryDelay }
}
