import type { APIErrorFields } from '../../errors/api/api-error.ts'

/**
 * How long a response asks its client to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
 * Nothing where it does not ask, asks for no time at all, or not in a way that can be read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers | undefined): Pick<APIErrorFields, 'retryAfterMs' | 'resetsAt'> {
  const read = (name: string) => headers?.get(name) as string
  const now = Date.now()
  const after = read('retry-after')
  const waits = [parseFloat(read('retry-after-ms')), parseFloat(after) * 1000, Date.parse(after) - now]
  const retryAfterMs = waits.find((ms) => ms > 0)
  return retryAfterMs ? { retryAfterMs, resetsAt: new Date(now + retryAfterMs) } : {}
}
