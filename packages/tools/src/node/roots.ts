import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { ConfigError } from '@enjamb/core'

/** Where the tools may go. */
export interface FolderOptions {
  /** The working folder: relative paths start here. Must exist. */
  cwd: string
  /** Further folders that the tools may use; relative ones start at `cwd`. Must exist. Default none. */
  additionalDirectories?: readonly string[] | undefined
}

/** The folders that the tools may use, the working folder first, as real paths: absolute, without symbolic links. */
export type Roots = readonly [cwd: string, ...more: string[]]

/**
 * Settles which folders the tools may use. Links on the way to them are followed once, here, so that nobody widens the
 * bounds afterwards by putting a link in a folder's place.
 *
 * @throws {ConfigError} one of them is not a folder that exists
 */
export function createRoots({ cwd, additionalDirectories = [] }: FolderOptions): Roots {
  const working = realFolder('cwd', cwd)
  return [working, ...additionalDirectories.map((folder) => realFolder('additionalDirectories', folder, working))]
}

/** Is it the folder itself, or below it? Both are real paths. */
export function isWithin(folder: string, path: string): boolean {
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
