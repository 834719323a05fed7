/**
 * What goes over the wire: a form as it is, anything else as JSON. This is the one place where text is made well-formed:
 * half a surrogate pair, cut out by whoever made the text or written by a model, would have the API refuse the request, and
 * every later one with that history.
 */
export function toBody(body: unknown): FormData | string | undefined {
  if (body instanceof FormData) return body
  // A half is written as its escape, and as nothing else is: before `u` stands one backslash, not the second of a pair.
  return JSON.stringify(body)?.replace(/(\\\\)|\\ud[89a-f]../g, (_, pair) => pair || '\ufffd')
}
