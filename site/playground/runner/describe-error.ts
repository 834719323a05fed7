/** An error as the page shows it: with its `code` where it has one, and with the line of the snippet. */
export function describeError(error: unknown) {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack = '', code } = error as Error & { code?: unknown }
  const line = /blob:[^\s)]*:(\d+):\d+/.exec(stack)?.[1]
  return {
    name,
    message,
    ...(typeof code === 'string' && { code }),
    ...(line && { line: Number(line) }),
  }
}
