/** Was a request refused because it is longer than the model's window, or larger than the API takes? */
export function isOverflow(error: unknown): boolean {
  const { status, message } = Object(error) as { status?: unknown; message?: unknown }
  if (status === 413) return true
  return (
    status === 400 && /too long|context (?:limit|length|window)|too many (?:tokens|messages)/i.test(String(message))
  )
}
