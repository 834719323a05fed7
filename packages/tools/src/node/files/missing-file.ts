import { basename, dirname, join, parse } from 'node:path'
import { holdFolder } from './open-folder.ts'
import type { Roots } from './roots.ts'

const maxNames = 5_000
const maxSuggestions = 3

/** Says that a file does not exist, and which ones beside it may have been meant. `path` is a real path, `named` what the model wrote. */
export async function missingFile(roots: Roots, path: string, named: string): Promise<Error> {
  const names = await namesIn(dirname(path))
  if (!names)
    return new Error(`${named} does not exist, and neither does the folder ${dirname(path)}. Glob shows what there is.`)
  const shown = names.filter((name) => roots.has(join(dirname(path), name)))
  const similar = toSimilar(basename(path), shown)
  const hint = similar.length ? `Did you mean ${similar.join(' or ')}?` : 'Glob shows what there is.'
  return new Error(`${named} does not exist in ${dirname(path)}. ${hint}`)
}

/** Those of no other folder that took its place meanwhile. */
async function namesIn(path: string): Promise<string[] | undefined> {
  const names: string[] = []
  const folder = await holdFolder(path, path).catch(() => undefined)
  try {
    for await (const { name } of (await folder?.list()) ?? []) if (names.push(name) >= maxNames) break
    return folder && names
  } catch {
    return undefined
  } finally {
    await folder?.close()
  }
}

/** Names that are the same but for the case or the extension, that hold the wanted one, or that a typing error may explain. */
function toSimilar(wanted: string, names: readonly string[]): string[] {
  const stem = parse(wanted).name.toLowerCase()
  const rated = names.map((name) => {
    const other = parse(name).name.toLowerCase()
    const near = stem.length > 2 && (other.includes(stem) || (other.length > 2 && stem.includes(other)))
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), Math.max(1, wanted.length / 4))
    return { name, rating: other === stem ? 0 : distance < 100 || !near ? distance : 100 }
  })
  const likely = rated.filter(({ rating }) => rating < Number.POSITIVE_INFINITY).sort((a, b) => a.rating - b.rating)
  return likely.slice(0, maxSuggestions).map(({ name }) => name)
}

/** How many characters must be put in, taken out or replaced (Levenshtein); more than `most` is infinite. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      line.push(Math.min(replaced, above[column]! + 1, line[column - 1]! + 1))
    }
    if (Math.min(...line) > most) return Number.POSITIVE_INFINITY
    above = line
  }
  return above[b.length]! > most ? Number.POSITIVE_INFINITY : above[b.length]!
}
