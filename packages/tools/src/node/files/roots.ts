import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { checkGlob, mentionsPath } from '../../permissions/path.ts'

/** Where the tools may go. */
export interface FolderOptions {
  /** The working folder: relative paths start here. Must exist. */
  cwd: string
  /** Further folders that the tools may use; relative ones start at `cwd`. Must exist. Default none. */
  additionalDirectories?: readonly string[] | undefined
  /**
   * What the tools for files neither read, write nor show: globs, such as `**\/.env` and `./secrets`, relative to each of
   * the folders. A folder is meant with all that is in it, and capitals make no difference. It is the file that counts,
   * whatever link leads there; Bash is not bound by it. Default nothing.
   */
  exclude?: readonly string[] | undefined
}

/** What the tools may use. */
export interface Roots {
  /** Real paths, absolute and without symbolic links; the working folder first. */
  readonly folders: readonly [cwd: string, ...more: string[]]
  /** Is a real path inside the folders, and not excluded? */
  has(path: string): boolean
}

/**
 * Settles what the tools may use. Links on the way to them are followed once, here, so that nobody widens the
 * bounds afterwards by putting a link in a folder's place.
 *
 * @throws {ConfigError} one of them is not a folder that exists, or something to exclude is no glob
 */
export function createRoots({ cwd, additionalDirectories = [], exclude = [] }: FolderOptions): Roots {
  const working = realFolder('cwd', cwd)
  const more = additionalDirectories.map((folder) => realFolder('additionalDirectories', folder, working))
  const folders: Roots['folders'] = [working, ...more]
  for (const glob of exclude) checkGlob(glob)
  const excludes = exclude.flatMap((glob) => folders.map((folder) => mentionsPath(glob, folder)))
  return { folders, has: (path) => isInFolders(folders, path) && !excludes.some((covers) => covers(path)) }
}

export function isInFolders(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => isWithin(folder, path))
}

/** Is it the folder itself, or below it? Both are real paths. */
export function isWithin(folder: string, path: string): boolean {
  if (sep === '/') return path === folder || path.startsWith(folder === sep ? sep : folder + sep)
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

function realFolder(option: string, folder: string, from = ''): string {
  try {
    // An empty string would silently mean the folder that the process happens to run in.
    if (!folder) throw new Error('it is empty')
    const real = realpathSync.native(resolve(from, folder))
    if (!statSync(real).isDirectory()) throw new Error('it is not a folder')
    return real
  } catch (cause) {
    throw new ConfigError(`${option} must name a folder that exists; "${folder}" does not: ${reason(cause)}.`, {
      cause,
    })
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  return code ?? message
}
