const maxTexts = 100

/**
 * Every text that a pattern with braces stands for, as a shell writes them out: "{a,b{c,d}}" is a, bc, bd. Braces without
 * a comma, or without their other half, stand for themselves; so does what follows a backslash.
 *
 * @throws {Error} for the model: there are more than 100
 */
export function expandBraces(pattern: string): string[] {
  const group = findGroup(pattern)
  if (!group) return [pattern]
  const { start, commas, end } = group
  const ends = [...commas, end]
  const choices = ends.flatMap((to, index) => expandBraces(pattern.slice((ends[index - 1] ?? start) + 1, to)))
  const tails = expandBraces(pattern.slice(end + 1))
  if (choices.length * tails.length > maxTexts) {
    throw new Error(`The braces in a pattern can stand for at most ${maxTexts} texts: search several times.`)
  }
  const head = pattern.slice(0, start)
  return choices.flatMap((choice) => tails.map((tail) => head + choice + tail))
}

interface Group {
  start: number
  commas: number[]
  end: number
}

/** The first pair of braces that has a comma directly in it. */
function findGroup(pattern: string): Group | undefined {
  const open: Group[] = []
  const closed: Group[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]
    if (char === '\\') at++
    else if (char === '{') open.push({ start: at, commas: [], end: 0 })
    else if (char === ',') open.at(-1)?.commas.push(at)
    else if (char === '}' && open.length) closed.push({ ...open.pop()!, end: at })
  }
  return closed.filter(({ commas }) => commas.length).sort((a, b) => a.start - b.start)[0]
}
