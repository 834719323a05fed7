/** A request that needs nothing of `fetch` but its answer. */
export interface DirectRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array | undefined
  readonly signal: AbortSignal | undefined
}

// Those whose names `fetch` takes in any case.
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']
const known = ['method', 'headers', 'body', 'signal', 'redirect', 'duplex']

/**
 * The request as it goes out, where it is of the kind that a client of ours makes: no redirect is followed, and the body is
 * a text. `undefined` for any other, whose rules are `fetch`'s own affair.
 */
export function toDirectRequest(input: string | URL | Request, init: RequestInit): DirectRequest | undefined {
  const { body, signal, redirect } = init
  const method = (init.method ?? 'GET').toUpperCase()
  const isUsual = Object.entries(init).every(([name, value]) => value === undefined || known.includes(name))
  if (!isUsual || redirect !== 'manual' || !methods.includes(method)) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  if (typeof body === 'string' && (method === 'GET' || method === 'HEAD')) return undefined
  const url = input instanceof Request || !URL.canParse(`${input}`) ? undefined : new URL(input)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  const headers = new Headers(init.headers)
  const defaults = {
    ...(typeof body === 'string' ? { 'content-type': 'text/plain;charset=UTF-8' } : {}),
    accept: '*/*',
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'undici',
    'accept-encoding': url.protocol === 'https:' ? 'br, gzip, deflate' : 'gzip, deflate',
  }
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value)
  return {
    url,
    method,
    headers: Object.fromEntries(headers),
    body: typeof body === 'string' ? Buffer.from(body) : undefined,
    signal: signal ?? undefined,
  }
}
