import { compileParts } from './compile-glob.ts'

/** The rules of one `.gitignore`. */
export interface IgnoreRules {
  /**
   * Is it left out? `undefined` where no rule is about it.
   *
   * @param names the path from the folder of the rules on, taken apart
   */
  decide(names: readonly string[], isFolder: boolean): boolean | undefined
}

interface Rule {
  isException: boolean
  forFolders: boolean
  /** It holds at any depth, for the last name of a path. */
  isForName: boolean
  fitsNames(names: readonly string[]): boolean
}

/**
 * Reads the lines of a `.gitignore` as git does. Of the rules that fit, the last one counts. Those that name a file as it is,
 * of which there may be thousands, are looked up rather than tried.
 *
 * @param ignoreCase as git does where file systems do
 * @see https://git-scm.com/docs/gitignore
 */
export function parseIgnoreRules(lines: readonly string[], ignoreCase = false): IgnoreRules {
  const rules: Rule[] = []
  const others: number[] = []
  /** The last rule for a name, and the last that is not for folders alone. */
  const byName = new Map<string, { any: number; file: number }>()
  for (const line of lines) {
    const rule = toRule(ignoreCase ? line.toLowerCase() : line)
    if (!rule) continue
    const index = rules.push(rule) - 1
    const { name, forFolders } = rule
    if (name === undefined) others.push(index)
    else byName.set(name, { any: index, file: forFolders ? (byName.get(name)?.file ?? -1) : index })
  }
  return {
    decide(given, isFolder) {
      const names = ignoreCase ? given.map((name) => name.toLowerCase()) : given
      const last = names.at(-1) ?? ''
      const known = byName.get(last)
      let found = (isFolder ? known?.any : known?.file) ?? -1
      for (let at = others.length - 1; at >= 0 && others[at]! > found; at--) {
        const { forFolders, isForName, fitsNames } = rules[others[at]!]!
        if (forFolders && !isFolder) continue
        if (fitsNames(isForName ? [last] : names)) found = others[at]!
      }
      return found < 0 ? undefined : !rules[found]!.isException
    },
  }
}

/** `name` where the rule is for exactly that, at any depth. */
function toRule(line: string): (Rule & { name: string | undefined }) | undefined {
  let text = withoutSpaces(line)
  if (!text || text.startsWith('#')) return
  const isException = text.startsWith('!')
  if (isException) text = text.slice(1)
  const forFolders = text.endsWith('/')
  if (forFolders) text = text.slice(0, -1)
  const isForName = !text.includes('/')
  if (text.startsWith('/')) text = text.slice(1)
  if (!text) return
  const name = isForName && !/[*?[\\]/.test(text) ? text : undefined
  // In git `folder/**` is what is in the folder, not the folder.
  const { fitsNames } = compileParts(text.replace(/\/\*\*+$/, '/**/*'), { strict: true })
  return { isException, forFolders, isForName, fitsNames, name }
}

/** Without the spaces at its end, but for one that has a backslash before it. */
function withoutSpaces(line: string): string {
  let end = line.length
  while (line[end - 1] === ' ') end--
  let start = end
  while (line[start - 1] === '\\') start--
  return line.slice(0, (end - start) % 2 ? end + 1 : end)
}
