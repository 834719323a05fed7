import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { isInFolders, type Roots } from '../files/roots.ts'
import { hasFewWildcards } from './glob-pattern.ts'

const maxRuleBytes = 1024 * 1024
const maxRules = 5_000

/**
 * Answers which files `.gitignore` files leave out of a search in a folder, as git would: those of the repository's top,
 * of every folder on the way, and of every folder below. A search in a folder that is itself left out shows what is there.
 *
 * Rules with more than three wildcards in a name are passed over, since matching them can take for ever; so are those of a
 * file after its first 5,000, each of which takes its time.
 */
export async function createIgnoreRules(roots: Roots, folder: string): Promise<(file: string) => Promise<boolean>> {
  const top = await findTop(roots, folder)
  /** The rules that hold inside a folder; `undefined` where everything is left out. */
  const known = new Map<string, Promise<Ignore | undefined>>()
  const covers = (rules: Ignore, path: string, slash = '') =>
    rules.ignores(relative(top, path).split(sep).join('/') + slash)

  const find = async (inside: string): Promise<Ignore | undefined> => {
    const above = inside === top ? newRules() : await rulesIn(dirname(inside))
    if (!above || (inside !== top && covers(above, inside, '/'))) return inside === folder ? newRules() : undefined
    const lines = await readRules(join(inside, '.gitignore'))
    return lines.length
      ? newRules()
          .add(above)
          .add(toRulesAt(relative(top, inside), lines))
      : above
  }
  const rulesIn = (inside: string): Promise<Ignore | undefined> => {
    const rules = known.get(inside) ?? find(inside)
    known.set(inside, rules)
    return rules
  }
  return async (file) => {
    const rules = await rulesIn(dirname(file))
    return !rules || covers(rules, file)
  }
}

/** Git ignores case where the file system usually does. */
function newRules(): Ignore {
  return ignore({ ignorecase: process.platform === 'darwin' || process.platform === 'win32' })
}

/** The repository's top, which may lie above the folders that can be used; where there is none, the uppermost of these. */
async function findTop(roots: Roots, folder: string): Promise<string> {
  let top = folder
  for (let at = folder; ; at = dirname(at)) {
    if (await lstat(join(at, '.git')).catch(() => undefined)) return at
    if (isInFolders(roots.folders, at)) top = at
    if (dirname(at) === at) return top
  }
}

/** What is no regular file, git does not read either. */
export async function readRules(path: string): Promise<string[]> {
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)
  const handle = await open(path, flags).catch(() => undefined)
  if (!handle) return []
  try {
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size > maxRuleBytes) return []
    const text = await handle.readFile('utf8')
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
    return lines.filter((line) => line.trim() && !line.startsWith('#') && hasFewWildcards(line)).slice(0, maxRules)
  } catch {
    return []
  } finally {
    await handle.close()
  }
}

/** Rules of a folder, written as if they stood at the top. */
export function toRulesAt(folder: string, lines: string[]): string[] {
  if (!folder) return lines
  const base = folder
    .split(sep)
    .join('/')
    .replace(/[\\*?[\]]/g, '\\$&')
  return lines.map((line) => {
    const not = line.startsWith('!') ? '!' : ''
    const rule = line.slice(not.length)
    // A slash anywhere but at the end ties a rule to its folder.
    return `${not}/${base}/${/\/./.test(rule) ? rule.replace(/^\//, '') : `**/${rule}`}`
  })
}
