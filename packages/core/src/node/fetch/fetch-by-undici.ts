import type { Dispatcher } from 'undici'

type Undici = typeof import('undici')

/**
 * What undici's own `fetch` makes of any request.
 *
 * @param http2 whether a connection may carry many
 */
export async function fetchByUndici(
  undici: Undici,
  dispatcher: Dispatcher,
  http2: boolean,
  input: string | URL | Request,
  init: RequestInit,
): Promise<Response> {
  const [url, request] = toUndiciRequest(undici, input, init)
  const { body } = request
  const route = http2 && typeof body === 'string' ? multiplex(dispatcher, body) : dispatcher
  return toPlatformResponse(await undici.fetch(url, { ...request, dispatcher: route }))
}

/** What undici's `fetch` takes: it knows its own classes only, and would send the platform's as `[object FormData]`. */
function toUndiciRequest(
  undici: Undici,
  input: string | URL | Request,
  init: RequestInit,
): [url: string | URL, init: import('undici').RequestInit] {
  if (input instanceof Request) {
    const { url, method, headers, body, signal, redirect } = input
    return toUndiciRequest(undici, url, { method, headers, body, signal, redirect, ...init })
  }
  const { body } = init
  const request = { ...init } as import('undici').RequestInit
  if (body instanceof FormData) {
    const form = new undici.FormData()
    for (const [name, value] of body) form.append(name, value as string)
    request.body = form
  }
  if (body instanceof ReadableStream) request.duplex = 'half'
  return [input, request]
}

/** undici's response as one of the platform's, so that `instanceof Response` and `instanceof Headers` hold. */
function toPlatformResponse(source: import('undici').Response): Response {
  const { body, status, statusText, headers } = source
  const response = new Response(body as ReadableStream | null, { status, statusText, headers: [...headers] })
  // The function keeps `source` as long as the response lives: undici cancels the body of one that was collected.
  return Object.defineProperty(response, 'url', { get: () => source.url })
}

/**
 * A dispatcher for one request that lets it share an HTTP/2 connection while others are under way: undici keeps a POST
 * waiting until the connection is idle, behind a stream for as long as that lasts, for it could not send the body again.
 * A text it can, and nothing is sent again without us: what a connection loses is an error.
 */
function multiplex(dispatcher: Dispatcher, body: string): Dispatcher {
  const bytes = Buffer.from(body)
  const dispatch: Dispatcher['dispatch'] = (options, handler) =>
    // A redirect may have dropped it.
    dispatcher.dispatch(options.body ? { ...options, body: bytes, idempotent: true } : options, handler)
  return { dispatch } as Dispatcher
}
