/**
 * How long a response asks its client to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as
 * an HTTP date. `undefined` where it does not ask, or not in a way that can be read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers | undefined): number | undefined {
  const exact = headers?.get('retry-after-ms')
  const text = headers?.get('retry-after')
  const ms = exact ? Number(exact) : text ? Number(text) * 1000 : Number.NaN
  if (ms >= 0) return ms
  const until = text ? Date.parse(text) - Date.now() : Number.NaN
  return Number.isNaN(until) ? undefined : Math.max(0, until)
}
