/**
 * How many characters must be put in, taken out or replaced to make one text of another (Levenshtein); infinite if more than
 * `most`. Only what may still lead to so few is looked at, so it takes the length times `most`.
 *
 * @see Ukkonen: Algorithms for approximate string matching (1985)
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY
  const far = most + 1
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line: number[] = new Array(b.length + 1).fill(far)
    const [from, to] = [Math.max(0, row - most), Math.min(b.length, row + most)]
    let least = far
    for (let column = from; column <= to; column++) {
      const replaced = column ? above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1) : row
      const value = Math.min(replaced, (above[column] ?? far) + 1, (line[column - 1] ?? far) + 1)
      line[column] = value
      least = Math.min(least, value)
    }
    if (least > most) return Number.POSITIVE_INFINITY
    above = line
  }
  return above[b.length]! > most ? Number.POSITIVE_INFINITY : above[b.length]!
}
