type Undici = typeof import('undici')

/** What undici's `fetch` takes: it knows its own classes only, and would send the platform's as `[object FormData]`. */
export function toUndiciRequest(
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
