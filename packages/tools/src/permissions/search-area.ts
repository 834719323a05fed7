import { expandBraces } from '../glob/expand-braces.ts'
import { toNameTest } from '../glob/name-pattern.ts'
import { absolute, allBelow, plainText, readings } from './path.ts'

/**
 * Could a search show something that a glob is about? One from a folder above it does, unless what it looks for cannot be
 * there.
 *
 * @param folder where it begins
 * @param narrowed the glob of what it looks for, relative to that folder; `undefined` for everything
 */
export function mentionsSearch(glob: string, folder: string, narrowed: string | undefined, cwd: string): boolean {
  const base = plainText(cwd)
  const about = absolute(allBelow(plainText(glob)).replaceAll('\\', '/'), base)
  return readings(plainText(folder), base).some((begin) =>
    areasOf(narrowed).some((area) => overlap(about, absolute(plainText(area).replaceAll('\\', '/'), begin))),
  )
}

/**
 * The globs that a search is narrowed to. Without a slash they are about names in any folder, and one that leaves out says
 * nothing of where the search goes.
 */
function areasOf(narrowed = '**'): string[] {
  const globs = splitGlobs(narrowed)
  if (!globs.length || globs.some((glob) => glob.startsWith('!'))) return ['**']
  return globs.map((glob) => (glob.replace(/^\.\//, '').includes('/') ? glob : `**/${glob}`))
}

/** As Grep takes them: several with commas, or with spaces, between them. */
function splitGlobs(text: string): string[] {
  try {
    const globs = expandBraces(`{${text},}`)
    return [...globs, ...globs.flatMap((glob) => glob.split(/\s+/))].filter((glob) => glob.trim())
  } catch {
    return []
  }
}

/** Could one path be like both globs? Rather yes than no where it is hard to tell. */
function overlap(one: string, other: string): boolean {
  try {
    const others = expandBraces(other).map((text) => text.split('/'))
    return expandBraces(one).some((text) => others.some((names) => namesOverlap(text.split('/'), names)))
  } catch {
    return true
  }
}

/** Follows all ways through both at once: `reached[at]` is whether what follows in `others` from there may still fit. */
function namesOverlap(names: readonly string[], others: readonly string[]): boolean {
  let reached = passed(others, [true])
  for (const name of names) {
    if (name === '**') {
      // Any number of the other's names.
      const first = reached.indexOf(true)
      reached = reached.map((_, at) => first >= 0 && at >= first)
      continue
    }
    const next: boolean[] = []
    for (const [at, other] of others.entries()) {
      if (!reached[at]) continue
      if (other === '**') next[at] = true
      else if (nameOverlaps(name, other)) next[at + 1] = true
    }
    reached = passed(others, next)
  }
  return reached[others.length] === true
}

/** A `**` may be no folder at all. */
function passed(others: readonly string[], reached: readonly (boolean | undefined)[]): boolean[] {
  const all = Array.from({ length: others.length + 1 }, (_, at) => reached[at] === true)
  for (const [at, other] of others.entries()) if (all[at] && other === '**') all[at + 1] = true
  return all
}

const special = /[*?[]/

function nameOverlaps(one: string, other: string): boolean {
  if (!special.test(one)) return toNameTest(other, { literalBrackets: true })(one)
  if (!special.test(other)) return toNameTest(one, { literalBrackets: true })(other)
  const [startOfOne, startOfOther] = [start(one), start(other)]
  const [endOfOne, endOfOther] = [end(one), end(other)]
  return (
    (startOfOne.startsWith(startOfOther) || startOfOther.startsWith(startOfOne)) &&
    (endOfOne.endsWith(endOfOther) || endOfOther.endsWith(endOfOne))
  )
}

const start = (name: string) => name.slice(0, name.search(special))

/** What follows the last thing that is special. */
const end = (name: string) => /[^*?[\]]*$/.exec(name)![0]
