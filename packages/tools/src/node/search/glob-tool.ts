import { lstat, realpath } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { glob } from 'tinyglobby'
import { type GlobInput, globDefinition } from '../../code/search/glob.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { refuseUnreadable, resolvePath } from '../files/resolve-path.ts'
import { createRoots, type FolderOptions, isWithin, type Roots } from '../files/roots.ts'
import { parseGlobPattern } from './glob-pattern.ts'
import { createIgnoreRules } from './ignore-rules.ts'

const maxPaths = 1_000
const maxChars = 100_000
const batchSize = 64

/**
 * The Glob tool: it lists the files inside the given folders whose paths match a pattern, as absolute real paths, the
 * latest changed first, at most 1,000. It follows no symbolic links, and leaves out `.git`, `node_modules`, what
 * `.gitignore` names, and files whose names are no UTF-8.
 *
 * Somebody who, during the search, puts a link in a folder's place and takes it back again at once can have it list names
 * from where the link leads.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function globTool(options: FolderOptions): Tool<GlobInput> {
  const roots = createRoots(options)
  return defineTool({
    ...globDefinition,
    readOnly: true,
    idempotent: true,
    async run({ pattern, path = '.' }, { signal }) {
      signal.throwIfAborted()
      const { folder, patterns } = parseGlobPattern(pattern)
      const cwd = await resolveFolder(roots, path, folder)
      const matches = await glob(patterns, {
        cwd,
        absolute: true,
        dot: true,
        expandDirectories: false,
        extglob: false,
        followSymbolicLinks: false,
        ignore: ['**/.git/**', '**/node_modules/**'],
        signal,
      })
      const isIgnored = await createIgnoreRules(roots, cwd)
      const isInside = createInsideCheck(cwd)
      const toEntry = async (file: string) => {
        try {
          const stats = await lstat(file)
          const { mtimeMs: time } = stats
          // A folder on the way may have become a link since the search went into it.
          return stats.isFile() && (await isInside(dirname(file))) ? [{ file, time }] : []
        } catch {
          // It is gone by now.
          return []
        }
      }
      const files = await inBatches(matches, signal, async (batch) => {
        const kept: string[] = []
        // One by one, since the rules of a folder can take a while, in which nothing else runs.
        for (const each of batch) {
          const file = each.split('/').join(sep)
          if (isWithin(cwd, file) && roots.has(file) && !(await isIgnored(file))) kept.push(file)
        }
        return (await Promise.all(kept.map(toEntry))).flat()
      })
      files.sort((a, b) => b.time - a.time || (a.file < b.file ? -1 : 1))
      return files.length ? listPaths(files.map(({ file }) => file)) : `[No file matches ${pattern} in ${cwd}.]`
    },
  })
}

async function resolveFolder(roots: Roots, path: string, below: string): Promise<string> {
  const base = await resolvePath(roots, path)
  const folder = await resolvePath(roots, resolve(base, below))
  const stats = await lstat(folder).catch(() => undefined)
  if (!stats) throw new Error(`The folder ${folder} does not exist.`)
  if (!stats.isDirectory()) throw new Error(`${folder} is not a folder.`)
  await refuseUnreadable(folder, true, folder)
  // Outside of Windows tinyglobby takes a backslash in the folder's name for a slash, and would look elsewhere.
  if (sep === '/' && folder.includes('\\')) throw new Error('A folder with a backslash in its name cannot be searched.')
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

/** With a turn for everything else in between. */
async function inBatches<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (batch: readonly Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += batchSize) {
    results.push(...(await work(items.slice(start, start + batchSize))))
    await setImmediate()
    signal.throwIfAborted()
  }
  return results
}

function listPaths(files: readonly string[]): string {
  const shown: string[] = []
  let chars = 0
  for (const file of files) {
    if (shown.length >= maxPaths || chars >= maxChars) break
    // A name with a line break in it would look like several.
    const line = /[\n\r]/.test(file) ? JSON.stringify(file) : file
    chars += line.length
    shown.push(line)
  }
  if (shown.length < files.length) shown.push(`[${files.length - shown.length} more: use a narrower pattern.]`)
  return shown.join('\n')
}
