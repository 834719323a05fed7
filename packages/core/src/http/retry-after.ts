/**
 * How long a response asks its client to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as
 * an HTTP date. `undefined` where it does not ask, or not in a way that can be read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers | undefined): number | undefined {
  const text = headers?.get('retry-after')
  const waits = [
    headers?.get('retry-after-ms'),
    text && +text * 1000,
    text && Math.max(0, Date.parse(text) - Date.now()),
  ]
  for (const wait of waits) if (wait && +wait >= 0) return +wait
  return text === '0' ? 0 : undefined
}
