/**
 * Where in the text of a JSON body an escape stands that is half a character: the first such place, or `undefined`.
 * JSON allows it, what the API reads JSON with does not.
 */
export function findLoneSurrogate(json: string): number | undefined {
  // Hardly any text has them, and most that do have pairs.
  if (!json.includes('\\u') || !/\\u[dD][89a-fA-F]/.test(json)) return undefined
  // Every escape in turn, as a backslash may itself be escaped.
  const escapes = /\\(?:u([\da-fA-F]{4})|.)/gs
  let high: { end: number; at: number } | undefined
  for (let match = escapes.exec(json); match; match = escapes.exec(json)) {
    const unit = match[1] === undefined ? 0 : Number.parseInt(match[1], 16)
    if (high && high.end !== match.index) return high.at
    const isLow = unit >= 0xdc00 && unit <= 0xdfff
    if (Boolean(high) !== isLow) return high?.at ?? match.index
    high = unit >= 0xd800 && unit <= 0xdbff ? { at: match.index, end: escapes.lastIndex } : undefined
  }
  return high?.at
}
