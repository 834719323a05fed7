import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { type GrepInput, grepDefinition } from '../../../code/search/grep.ts'
import { defineTool } from '../../../define/define-tool.ts'
import type { Tool } from '../../../define/tool.ts'
import { missingFile } from '../../files/missing-file.ts'
import { refuseUnreadable, resolvePath } from '../../files/resolve-path.ts'
import { createRoots, type FolderOptions, isWithin, type Roots } from '../../files/roots.ts'
import { createSearchRules, leftOutNote } from '../ignore-rules.ts'
import { createResultPage, type ResultPage } from '../result-page.ts'
import { ripgrepFinder, runRipgrep } from '../ripgrep.ts'
import { toGlobFilter } from './glob-filter.ts'
import { toGrepArgs } from './grep-args.ts'
import { withIgnoreFile } from './grep-ignore-file.ts'
import { readResults } from './grep-results.ts'

/** Options of the Grep tool. */
export interface GrepOptions {
  /**
   * The path of a ripgrep, 13 or later, for Glob, too. Default the one that the package `@vscode/ripgrep` brings, or else one
   * on `PATH`, outside of the folders.
   */
  program?: string | undefined
  /** After how long a search ends with what it has found. Default 60,000. */
  timeoutMs?: number | undefined
}

/**
 * The Grep tool: it searches the files inside the given folders with ripgrep. It follows no symbolic links, leaves out
 * `.git`, `node_modules`, what `.gitignore` names, and files whose names are no UTF-8, and gives 250 results and about
 * 100,000 characters at once.
 *
 * ripgrep opens the files by their names: somebody who, during the search, puts a link in a file's place and takes it
 * back again at once can have it read what the link leads to.
 *
 * @throws {ConfigError} one of the folders does not exist, or the time makes no sense, or there is no ripgrep
 */
export function grepTool(options: FolderOptions & GrepOptions): Tool<GrepInput> {
  const roots = createRoots(options)
  const { timeoutMs = 60_000 } = options
  const findRipgrep = ripgrepFinder(roots, options.program)
  if (!(timeoutMs >= 1 && timeoutMs < 2 ** 31)) {
    throw new ConfigError(`grep.timeoutMs must be 1 to ${2 ** 31 - 1} milliseconds; ${timeoutMs} is not.`)
  }
  return defineTool({
    ...grepDefinition,
    readOnly: true,
    idempotent: true,
    async run(input, { signal }) {
      signal.throwIfAborted()
      const { path = '.', offset = 0, head_limit = 250 } = input
      const place = await findPlace(roots, path)
      const program = await findRipgrep()
      const limit = head_limit || Number.POSITIVE_INFINITY
      let page = createResultPage(offset, limit)
      let ignored = 0
      const isOver = await withTimeout(timeoutMs, signal, async (both) => {
        const run = { roots, input, program, signal: both, ...place }
        await search(run, page)
        if (page.seen || place.file !== '.') return
        // Nothing found may also mean that rules hide it all. Who names a folder wants to see what is in it even so.
        ignored = await countIgnored(run)
        if (!ignored || place.cwd === roots.folders[0]) return
        page = createResultPage(offset, limit)
        await search(run, page, true)
      })
      const found = page.toText()
      if (isOver) return `${found}\n[Stopped after ${timeoutMs} ms: search less, with path, glob or type.]`.trimStart()
      const why = ignored ? ` ${leftOutNote(ignored, ignored >= maxIgnored)}` : ''
      return found || `[Nothing in ${join(place.cwd, place.file)} matches ${input.pattern}.${why}]`
    },
  })
}

const maxIgnored = 100

/** Says whether the time was up, in which case the work was aborted. */
async function withTimeout(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), timeoutMs)
  try {
    await work(AbortSignal.any([signal, over.signal]))
    return false
  } catch (error) {
    signal.throwIfAborted()
    if (over.signal.aborted) return true
    throw error
  } finally {
    clearTimeout(timer)
  }
}

interface Search extends Place {
  roots: Roots
  input: GrepInput
  program: string
  signal: AbortSignal
}

/** @param alone passes over rules from above the folder */
async function search({ roots, input, cwd, file, ...run }: Search, page: ResultPage, alone?: boolean): Promise<void> {
  const { output_mode: mode = 'files_with_matches', '-n': numbered = true, '-o': onlyMatches = false } = input
  const marksGaps = !onlyMatches && !!(input['-A'] || input['-B'] || input['-C'] || input.context)
  const rules = file === '.' ? await createSearchRules(roots, cwd, { alone }) : undefined
  const filter = toGlobFilter(input.glob)
  const toShownPath = async (name: string) => {
    const path = join(cwd, name)
    if (rules && !filter.fits(name.replace(/^\.[\\/]/, ''))) return undefined
    return (await isShown(roots, cwd, path)) && !(await rules?.leavesOut(path))
      ? // A name with a line break in it would look like several.
        /[\n\r]/.test(path)
        ? JSON.stringify(path)
        : path
      : undefined
  }
  const args = [...toGrepArgs(input, mode, filter.wider), '--', file === '.' ? '.' : `./${file}`]
  const reader = readResults(mode, { page, numbered, marksGaps, onlyMatches, toShownPath })
  if (!rules) return runRipgrep({ ...run, cwd, args }, reader)
  await withIgnoreFile({ ...run, cwd }, (own) => runRipgrep({ ...run, cwd, args: [...own, ...args] }, reader))
}

async function isShown(roots: Roots, cwd: string, path: string): Promise<boolean> {
  if (!isWithin(cwd, path) || !roots.has(path)) return false
  // A link may have taken its place, or a folder's on the way, since ripgrep looked at it.
  return (await realpath(path).catch(() => undefined)) === path
}

/** How many files match that rules leave out, up to a limit. */
async function countIgnored({ roots, input, cwd, file, ...run }: Search): Promise<number> {
  const rules = await createSearchRules(roots, cwd)
  const { wider, fits } = toGlobFilter(input.glob)
  let count = 0
  const take = async (piece: Uint8Array | undefined) => {
    const path = join(cwd, String(piece))
    if (fits(String(piece).slice(2)) && (await rules.leavesOut(path)) && (await isShown(roots, cwd, path))) count++
    return count < maxIgnored
  }
  const args = [...toGrepArgs(input, 'files_with_matches', wider), '--', '.']
  await runRipgrep({ ...run, cwd, args }, { delimiter: '\0', take })
  return count
}

interface Place {
  cwd: string
  /** What to search in there: a file's name, or `.`. */
  file: string
}

async function findPlace(roots: Roots, named: string): Promise<Place> {
  const path = await resolvePath(roots, named)
  const stats = await lstat(path).catch(() => undefined)
  if (!stats) throw await missingFile(roots, path, named)
  if (!stats.isDirectory() && !stats.isFile()) throw new Error(`${named} is neither a folder nor a regular file.`)
  await refuseUnreadable(path, stats.isDirectory(), named)
  if (stats.isDirectory()) return { cwd: path, file: '.' }
  return { cwd: dirname(path), file: basename(path) }
}
