/**
 * Where a text is found, from left to right, without overlaps, up to so many times. The time is linear whatever the texts are, while `indexOf`
 * can take minutes for a long repetitive one, in which nothing else in the process runs.
 *
 * @see Knuth, Morris, Pratt: Fast pattern matching in strings (1977)
 */
export function findAll(text: string, wanted: string, most = Number.POSITIVE_INFINITY): number[] {
  const borders = toBorders(wanted)
  const found: number[] = []
  for (let at = 0, fits = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    while (fits && wanted.charCodeAt(fits) !== code) fits = borders[fits - 1]!
    if (wanted.charCodeAt(fits) === code) fits++
    if (fits === wanted.length) {
      if (found.push(at - fits + 1) >= most) break
      fits = 0
    }
  }
  return found
}

/** For every beginning of a text, the length of its longest proper part that both begins and ends it. */
function toBorders(text: string): Int32Array {
  const borders = new Int32Array(text.length)
  for (let at = 1, fits = 0; at < text.length; at++) {
    while (fits && text[fits] !== text[at]) fits = borders[fits - 1]!
    if (text[fits] === text[at]) fits++
    borders[at] = fits
  }
  return borders
}
