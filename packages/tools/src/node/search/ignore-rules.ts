import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { type IgnoreRules, parseIgnoreRules } from '../../glob/ignore-rules.ts'
import { isInFolders, isWithin, type Roots } from '../files/roots.ts'

const maxRuleBytes = 1024 * 1024
const maxRules = 5_000

/** What `.gitignore` files leave out of a search. */
export interface SearchRules {
  /** May there be any rule at all? */
  readonly any: boolean
  /** Is the file left out? A promise where the rules of its folder have not been read yet. */
  leavesOut(file: string): boolean | Promise<boolean>
  /** Is all that is in a folder left out? */
  hides(folder: string): Promise<boolean>
}

/**
 * Answers which files `.gitignore` files leave out of a search in a folder, as git would: those of the repository's top,
 * of every folder on the way, and of every folder below. A search in a folder that is itself left out shows what is there,
 * but for what the rules of that folder and those below it name.
 *
 * Of the rules of a file the first 5,000 count, each of which takes its time.
 *
 * @param options.below the only folders below that have rules, if that is known
 * @param options.alone passes over the rules of the folders above
 */
export async function createSearchRules(
  roots: Roots,
  folder: string,
  { below, alone = false }: { below?: ReadonlySet<string> | undefined; alone?: boolean | undefined } = {},
): Promise<SearchRules> {
  const top = alone ? folder : await findTop(roots, folder)
  /** The rules that hold inside a folder; `undefined` where everything is left out. */
  const known = new Map<string, Place | undefined>()
  let any = false

  const read = async (inside: string): Promise<Place | undefined> => {
    let above: Place | undefined
    if (inside !== top) {
      above = await placeOf(dirname(inside))
      const isOut = !above || isLeftOut(above, basename(inside), true)
      if (isOut && inside !== folder) return
      if (isOut) above = undefined
    }
    const isBelow = inside !== folder && isWithin(folder, inside)
    const lines = isBelow && below && !below.has(inside) ? [] : await readRules(join(inside, '.gitignore'))
    const names = above ? [...above.names, basename(inside)] : []
    if (lines.length) any = true
    const own = lines.length ? [{ depth: names.length, rules: parseIgnoreRules(lines, ignoresCase) }] : []
    return { names, all: [...own, ...(above?.all ?? [])] }
  }
  const placeOf = async (inside: string): Promise<Place | undefined> => {
    if (!known.has(inside)) known.set(inside, await read(inside))
    return known.get(inside)
  }
  await placeOf(folder)
  return {
    get any() {
      return any || below?.size !== 0
    },
    leavesOut(file) {
      const folder = dirname(file)
      const decide = (place: Place | undefined) => !place || isLeftOut(place, basename(file), false)
      return known.has(folder) ? decide(known.get(folder)) : placeOf(folder).then(decide)
    },
    hides: async (folder) => !(await placeOf(folder)),
  }
}

/** Git ignores case where the file system usually does. */
const ignoresCase = process.platform === 'darwin' || process.platform === 'win32'

/** A folder, with the rules that hold in it: its own, and those of the folders above. */
interface Place {
  /** The way to it from the uppermost folder that has a say. */
  names: readonly string[]
  /** The nearest first; each begins so many names down that way. */
  all: readonly { depth: number; rules: IgnoreRules }[]
}

function isLeftOut({ names, all }: Place, name: string, isFolder: boolean): boolean {
  if (!all.length) return false
  const path = [...names, name]
  for (const { depth, rules } of all) {
    const decided = rules.decide(depth ? path.slice(depth) : path, isFolder)
    if (decided !== undefined) return decided
  }
  return false
}

/** What is to be said where nothing was found because of rules. */
export function leftOutNote(files: number, atLeast = false): string {
  const count = `${atLeast ? 'At least ' : ''}${files} file${files === 1 ? '' : 's'}`
  return `${count} that would ${files === 1 ? 'is' : 'are'} left out by .gitignore: to search there, name the folder in path.`
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
    return lines.filter((line) => line.trim() && !line.startsWith('#')).slice(0, maxRules)
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
