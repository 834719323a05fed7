/** A value as JSON with a space behind each comma and colon, as the first `max` characters of it; never an error. */
export function jsonText(value: unknown, max: number): { text: string; isWhole: boolean } {
  const json = compact(value)
  const start = json.slice(0, max)
  // Only of what is shown: an input may have megabytes. The last string of a cut text has no end.
  const text = start.replace(/"(?:[^"\\]|\\.)*"?|[,:]/g, (token) =>
    token === ',' || token === ':' ? `${token} ` : token,
  )
  return { text, isWhole: start.length === json.length }
}

function compact(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return '"(too deep to be written)"'
  }
}
