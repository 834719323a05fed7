import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type GlobInput, globDefinition } from '../../code/search/glob.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import type { Glob } from '../../glob/compile-glob.ts'
import { refuseUnreadable, resolvePath } from '../files/resolve-path.ts'
import { createRoots, type FolderOptions, isWithin, type Roots } from '../files/roots.ts'
import { type FoundFiles, findFiles } from './find-files.ts'
import { parseGlobPattern } from './glob-pattern.ts'
import type { GrepOptions } from './grep/grep-tool.ts'
import { createSearchRules, leftOutNote, type SearchRules } from './ignore-rules.ts'
import { ripgrepFinder } from './ripgrep.ts'

const maxPaths = 1_000
const maxChars = 100_000
const shownBatch = 64
const countedBatch = 2_000
const leadsUp = /(?:^|[\\/])\.\.(?:[\\/]|$)/

/**
 * The Glob tool: it lists the files inside the given folders whose paths match a pattern, as absolute real paths, the
 * latest changed first, at most 1,000. It follows no symbolic links, and leaves out `.git`, `node_modules`, what
 * `.gitignore` names, and files whose names are no UTF-8. ripgrep does the search, in a process of its own.
 *
 * Somebody who, during the search, puts a link in a folder's place and takes it back again at once can have it list names
 * from where the link leads.
 *
 * @throws {ConfigError} one of the folders does not exist, or there is no ripgrep
 */
export function globTool(options: FolderOptions & Pick<GrepOptions, 'program'>): Tool<GlobInput> {
  const roots = createRoots(options)
  const findRipgrep = ripgrepFinder(roots, options.program)
  return defineTool({
    ...globDefinition,
    readOnly: true,
    idempotent: true,
    async run({ pattern, path = '.' }, { signal }) {
      signal.throwIfAborted()
      const { folder, glob, wider, depth } = parseGlobPattern(pattern)
      const cwd = await resolveFolder(roots, path, folder)
      const found = await findFiles({ program: await findRipgrep(), cwd, signal }, wider, depth)
      const below = new Set(found.ignoreFiles.map((name) => join(cwd, dirname(name))))
      const search = { ...found, roots, cwd, glob, signal }
      let rules = await createSearchRules(roots, cwd, { below })
      let { files, total, ignored } = await choose(search, rules)
      // Who names a folder wants to see what is in it, even if a rule above leaves all of that out.
      if (!total && ignored && cwd !== roots.folders[0]) {
        rules = await createSearchRules(roots, cwd, { below, alone: true })
        ;({ files, total, ignored } = await choose(search, rules))
      }
      if (files.length) return listPaths(files, total)
      const why = ignored ? ` ${leftOutNote(ignored)}` : ''
      return `[No file matches ${pattern} in ${cwd}.${why}]`
    },
  })
}

interface GlobSearch extends FoundFiles {
  roots: Roots
  cwd: string
  glob: Glob
  signal: AbortSignal
}

/** The files to be shown, how many there are in all, and how many are left out by rules. */
async function choose({ names, roots, cwd, glob, signal }: GlobSearch, rules: SearchRules) {
  const shown: { file: string; time: bigint }[] = []
  const isInside = createInsideCheck(cwd)
  const toEntry = async (file: string) => {
    // It may be gone by now.
    const stats = await lstat(file, { bigint: true }).catch(() => undefined)
    // A folder on the way may have become a link since the search went into it.
    return stats?.isFile() && (await isInside(dirname(file))) ? [{ file, time: stats.mtimeNs }] : []
  }
  let total = 0
  let ignored = 0
  for (let start = 0, size = shownBatch; start < names.length; start += size) {
    // Those that are only counted need no look at the disk.
    size = shown.length < maxPaths ? shownBatch : countedBatch
    const kept: string[] = []
    for (const name of names.slice(start, start + size)) {
      if (leadsUp.test(name) || !glob.fits(sep === '/' ? name : name.replaceAll(sep, '/'))) continue
      const file = cwd + (cwd.endsWith(sep) ? '' : sep) + name
      if (!roots.has(file)) continue
      if (rules.any && (await rules.leavesOut(file))) ignored++
      else kept.push(file)
    }
    const entries = size === shownBatch ? (await Promise.all(kept.map(toEntry))).flat() : []
    shown.push(...entries)
    total += size === shownBatch ? entries.length : kept.length
    // A turn for everything else.
    await setImmediate()
    signal.throwIfAborted()
  }
  shown.sort((a, b) => (a.time === b.time ? (a.file < b.file ? -1 : 1) : a.time < b.time ? 1 : -1))
  return { files: shown.map(({ file }) => file), total, ignored }
}

async function resolveFolder(roots: Roots, path: string, below: string): Promise<string> {
  const base = await resolvePath(roots, path)
  const folder = await resolvePath(roots, resolve(base, below))
  const stats = await lstat(folder).catch(() => undefined)
  if (!stats) throw new Error(`The folder ${folder} does not exist.`)
  if (!stats.isDirectory()) throw new Error(`${folder} is not a folder.`)
  await refuseUnreadable(folder, true, folder)
  return folder
}

/** Tells whether a folder really is within another, which is looked up once: for every file it would take as long as all the rest. */
function createInsideCheck(outer: string): (folder: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  return (folder) => {
    const isInside = known.get(folder) ?? realpath(folder).then((real) => isWithin(outer, real))
    known.set(folder, isInside)
    return isInside
  }
}

function listPaths(files: readonly string[], total: number): string {
  const shown: string[] = []
  let chars = 0
  for (const file of files) {
    if (shown.length >= maxPaths || chars >= maxChars) break
    // A name with a line break in it would look like several.
    const line = /[\n\r]/.test(file) ? JSON.stringify(file) : file
    chars += line.length
    shown.push(line)
  }
  if (shown.length < total) shown.push(`[${total - shown.length} more: use a narrower pattern.]`)
  return shown.join('\n')
}
