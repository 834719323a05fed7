/** Sets a header of a response, which the platform's are not to be written to; its body stays where it is. */
export function withHeader(response: Response, name: string, value: string): Response {
  const headers = new Headers(response.headers)
  headers.set(name, value)
  return Object.defineProperty(response, 'headers', { value: headers, configurable: true, enumerable: true })
}
