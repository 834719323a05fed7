import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { ConfigError } from '@enjamb/core'

export interface FolderOptions {
  /** The working folder: relative paths start here, and tools see no file outside of it. */
  cwd: string
  /** Further folders that tools may look into. */
  additionalDirectories?: readonly string[] | undefined
}

/** Where tools may go. Every path that a model names passes through here, and only here. */
export interface Folders {
  readonly cwd: string
  /**
   * The real path of what a model named, symbolic links resolved. It need not exist.
   *
   * A hard link inside an allowed folder to a file outside looks like any other file: it cannot be told apart, and it
   * takes the file's owner to make one.
   *
   * @throws {Error} with a message for the model: the path leads outside, or is no path
   */
  resolve(path: string): Promise<string>
}

export function createFolders({ cwd, additionalDirectories = [] }: FolderOptions): Folders {
  if (!cwd) throw new ConfigError('cwd must name a folder.')
  const roots = [cwd, ...additionalDirectories].map((root) => resolve(root))
  return {
    cwd: roots[0]!,
    async resolve(path) {
      if (path.includes('\0')) throw new Error('A path cannot contain a NUL character.')
      const real = await realPath(resolve(roots[0]!, path))
      // The folders may be reached through links themselves, and these may change while a run goes on.
      for (const root of roots) if (isWithin(await realPath(root), real)) return real
      throw new Error(`${path} is outside the folders that may be used: ${roots.join(', ')}`)
    },
  }
}

export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The real path of the deepest folder that exists, and the rest after it. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A link that leads nowhere does not exist for realpath, but whoever creates its target goes through it.
    if (code === 'ENOENT' && dirname(path) !== path)
      return resolve(await realPath(dirname(path)), path.slice(dirname(path).length).replace(/^[\\/]+/, ''))
    throw new Error(`${path}: ${code ?? (error as Error).message}`)
  }
}
