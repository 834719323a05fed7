/**
 * The names that look most like the one that was asked for, the best first: those that share most groups of three letters with it.
 * All of them where there are no more than `most`. In time that grows with the names, not with the product of their lengths.
 */
export function nearestNames(name: string, names: readonly string[], most: number): readonly string[] {
  if (names.length <= most) return names
  const asked = name.slice(0, 64).toLowerCase()
  const parts = [...asked].map((_, index) => asked.slice(index, index + 3))
  const score = (one: string) => parts.filter((part) => one.toLowerCase().includes(part)).length - one.length / 999
  const rated = names.map((one) => [score(one), one] as const)
  return rated
    .sort(([a], [b]) => b - a)
    .slice(0, most)
    .map(([, one]) => one)
}
