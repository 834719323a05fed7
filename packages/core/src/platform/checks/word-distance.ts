/** How many letters are to be added, dropped, replaced or swapped with the next to make one word of the other. */
export function wordDistance(a: string, b: string): number {
  const rows = [...Array(a.length + 1)].map((_, i) => [i, ...Array<number>(b.length).fill(0)])
  rows[0] = [...Array(b.length + 1).keys()]
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const [row, above, twoAbove] = [rows[i]!, rows[i - 1]!, rows[i - 2]]
      row[j] = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (same ? 0 : 1))
      if (swapped && twoAbove) row[j] = Math.min(row[j]!, twoAbove[j - 2]! + 1)
    }
  }
  return rows[a.length]![b.length]!
}
