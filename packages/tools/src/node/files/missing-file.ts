import { basename, dirname, join, parse } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { editDistance } from '../edit-distance.ts'
import { holdFolder } from './open-folder.ts'
import type { Roots } from './roots.ts'

const maxNames = 5_000
const maxSuggestions = 3
const maxTypos = 5
const batchSize = 200

/** Says that a file does not exist, and which ones beside it may have been meant. `path` is a real path, `named` what the model wrote. */
export async function missingFile(roots: Roots, path: string, named: string): Promise<Error> {
  const names = await namesIn(dirname(path))
  if (!names)
    return new Error(`${named} does not exist, and neither does the folder ${dirname(path)}. Glob shows what there is.`)
  const shown = names.filter((name) => roots.has(join(dirname(path), name)))
  const similar = await toSimilar(basename(path), shown)
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
async function toSimilar(wanted: string, names: readonly string[]): Promise<string[]> {
  const stem = parse(wanted).name.toLowerCase()
  const look = lookOf(wanted)
  const most = Math.min(maxTypos, Math.max(1, Math.floor(wanted.length / 4)))
  const rated: { name: string; rating: number }[] = []
  for (const [index, name] of names.entries()) {
    if (lookOf(name) === look) rated.push({ name: `${spelledOut(name)}, which only looks the same`, rating: -1 })
    else {
      const other = parse(name).name.toLowerCase()
      const near = stem.length > 2 && (other.includes(stem) || (other.length > 2 && stem.includes(other)))
      const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), most)
      rated.push({ name, rating: other === stem ? 0 : distance < 100 || !near ? distance : 100 })
    }
    // Everything else has its turn, too.
    if (index % batchSize === batchSize - 1) await setImmediate()
  }
  const likely = rated.filter(({ rating }) => rating < Number.POSITIVE_INFINITY).sort((a, b) => a.rating - b.rating)
  return likely.slice(0, maxSuggestions).map(({ name }) => name)
}

/** What spaces of several kinds and letters in several parts look like. */
function lookOf(name: string): string {
  return name.normalize('NFKC').replace(/[\u2018\u2019]/g, "'")
}

/** Every character that is not ASCII as an escape, by which it can be told from another. */
function spelledOut(name: string): string {
  return JSON.stringify(name).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
