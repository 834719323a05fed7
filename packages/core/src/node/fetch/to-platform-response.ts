/** undici's response as one of the platform's, so that `instanceof Response` and `instanceof Headers` hold. */
export function toPlatformResponse(source: import('undici').Response): Response {
  const { body, status, statusText, headers } = source
  const response = new Response(body as ReadableStream | null, { status, statusText, headers: [...headers] })
  // The function keeps `source` as long as the response lives: undici cancels the body of one that was collected.
  return Object.defineProperty(response, 'url', { get: () => source.url })
}
