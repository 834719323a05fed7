import { constants } from 'node:fs'
import { access, lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { isInFolders, type Roots } from './roots.ts'

/**
 * The real path of what a model named, which need not exist. Every path goes through here, and the result, not the name,
 * is what is opened: it holds no `..` and no link, and its case is the file system's own.
 *
 * `..` is taken off the name before links are followed, so `link/..` is the folder that holds the link.
 *
 * A hard link inside the folders to a file outside them is, to the file system, a file inside; nothing tells them apart.
 * Whoever can make one has, as a rule, access to the file already.
 *
 * @throws {Error} for the model: the path leads outside the folders, to what is excluded, through a link that leads nowhere or in a circle, or
 *   is none that can name a file
 */
export async function resolvePath(roots: Roots, path: string): Promise<string> {
  refuseOddNames(path)
  const absolute = resolve(roots.folders[0], path)
  const real = await realPath(absolute, path).catch((error) => {
    // What is out there is not told, not even by the kind of the failure.
    throw roots.has(absolute) ? error : refused(roots, absolute, path)
  })
  if (roots.has(real)) return real
  throw refused(roots, real, path)
}

function refused(roots: Roots, real: string, named: string): Error {
  return isInFolders(roots.folders, real)
    ? new Error(`${named} is excluded from what may be used: go on without it.`)
    : outside(roots, named)
}

export function outside(roots: Roots, path: string): Error {
  return new Error(`${path} is outside the folders that may be used: ${roots.folders.join(', ')}`)
}

/**
 * Without this, a search in what must not be read would seem to find nothing.
 *
 * @throws {Error} for the model: it must not be read
 */
export async function refuseUnreadable(path: string, isFolder: boolean, named: string): Promise<void> {
  try {
    await access(path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK)
  } catch (error) {
    throw new Error(`${named} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/**
 * On Windows a colon after the drive names a stream inside a file, `\\?\` and `\\.\` go round the rules for names, and a
 * few names are devices in every folder.
 */
export function refuseOddNames(path: string, platform: NodeJS.Platform = process.platform): void {
  if (path.includes('\0')) throw new Error('A path cannot contain a NUL character.')
  if (platform !== 'win32') return
  const device =
    /(?:^|[\\/])(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])[ .]*(?:[.:][^\\/]*)?(?:[\\/]|$)/i
  if (/^[\\/]{2}[?.](?:[\\/]|$)/.test(path) || /:[^\\/]|^..+:/.test(path) || device.test(path)) {
    throw new Error(`${path} names a device or a stream: only files and folders can be used.`)
  }
}

/** As deep as the path exists, its real path; the rest is as named. */
async function realPath(path: string, named: string): Promise<string> {
  let there = path
  try {
    while (!(await lstat(there).catch(unlessMissing)) && dirname(there) !== there) there = dirname(there)
    return join(await realpath(there), relative(there, path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOOP') throw new Error(`${named} goes in a circle of symbolic links.`)
    if (code === 'ENAMETOOLONG') throw new Error('The path is too long for this file system.')
    // Whoever wrote to it would create the file that it points to, wherever that is.
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new Error(`${named} is, or goes through, a symbolic link that leads nowhere.`)
    throw new Error(`${named} cannot be reached (${code ?? 'no code'}).`)
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
