import { expandBraces } from './expand-braces.ts'
import { isIncomplete, type NameReading, type NameTest, toNameTest } from './name-pattern.ts'

/** A glob, ready to be held against paths. */
export interface Glob {
  /** `path` has slashes. */
  fits(path: string): boolean
  /** The same for a path that was taken apart at its slashes. */
  fitsNames(names: readonly string[]): boolean
}

/** What there is between two slashes; `undefined` for any number of folders. */
type Part = NameTest | undefined

/**
 * The one meaning that globs have here: `*` and `?` stay inside a name, `**` between slashes is any number of folders, none
 * included, so that `folder/**` is also the folder itself; inside a name it is `*`. `[a-z]` is one of some characters, or a
 * name with brackets in it, whichever fits; `{a,b}` is either; a backslash takes the meaning from what follows it.
 *
 * No glob and no path can make it slow: matching takes at most the length of one times that of the other.
 *
 * @throws {Error} the braces stand for more than 100 texts, or a bracket or a backslash is not complete
 */
export function compileGlob(glob: string): Glob {
  if (glob.split('/').some(isIncomplete)) {
    throw new Error(`The glob ${glob} has a bracket or a backslash that is not complete; put a backslash before it.`)
  }
  const texts = expandBraces(glob).map((text) => compileParts(text, { literalBrackets: true }))
  if (texts.length === 1) return texts[0]!
  const fitsNames = (names: readonly string[]) => texts.some((text) => text.fitsNames(names))
  return { fitsNames, fits: (path) => fitsNames(path.split('/')) }
}

/** A glob in which braces stand for themselves. */
export function compileParts(glob: string, reading: NameReading): Glob {
  // Before a slash a backslash has nothing to take away.
  const plain = glob.replace(/\\(.)/gs, (escaped, character) => (character === '/' ? '/' : escaped))
  const parts = plain.split('/').map((part): Part => (/^\*\*+$/.test(part) ? undefined : toNameTest(part, reading)))
  const fitsNames = (names: readonly string[]) => fitsParts(parts, names)
  return { fitsNames, fits: (path) => fitsNames(path.split('/')) }
}

/** As for the characters of a name: only the last `**` ever has to take one more. */
function fitsParts(parts: readonly Part[], names: readonly string[]): boolean {
  let [part, at] = [0, 0]
  let [star, taken] = [-1, 0]
  while (at < names.length) {
    const test = parts[part]
    if (part < parts.length && !test) {
      star = part++
      taken = at
    } else if (test?.(names[at]!)) {
      part++
      at++
    } else if (star < 0) return false
    else {
      part = star + 1
      at = ++taken
    }
  }
  while (part < parts.length && !parts[part]) part++
  return part === parts.length
}
