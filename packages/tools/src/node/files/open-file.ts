import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises'
import { missingFile } from './missing-file.ts'
import { outside, resolvePath } from './resolve-path.ts'
import type { Roots } from './roots.ts'

/** An open file that was found to be inside the folders. */
export interface OpenFile {
  /** The caller closes it. */
  readonly handle: FileHandle
  /** Its real path. */
  readonly path: string
  readonly stats: Stats
}

/**
 * Opens a file for reading. Folders, pipes, sockets and devices are refused; none of them is waited for. Whoever has
 * resolved the name already gives what it resolved to.
 *
 * @throws {Error} for the model: there is no such file inside the folders, or it cannot be read
 */
export async function openFile(roots: Roots, named: string, resolved?: string): Promise<OpenFile> {
  const path = resolved ?? (await resolvePath(roots, named))
  let handle: FileHandle
  try {
    // Opening alone can do something to a device, so they are refused before.
    refuseSpecial(await lstat(path), named)
    // One that took the file's place just now is not followed if it is a link, and not waited for if it is a pipe.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw await missingFile(roots, path, named)
    throw code ? new Error(`${named} cannot be read (${code}).`) : error
  }
  try {
    const stats = await handle.stat()
    refuseSpecial(stats, named)
    const opened = await pathOf(handle, path, stats)
    if (!opened || !roots.has(opened)) throw outside(roots, named)
    return { handle, path: opened, stats }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function refuseSpecial(stats: Stats, named: string): void {
  if (stats.isDirectory()) throw new Error(`${named} is a folder, not a file: use Glob to list what is in it.`)
  if (!stats.isFile()) throw new Error(`${named} is not a regular file.`)
}

/**
 * Where the file that was opened really is: a folder on the way may have been replaced by a link after the path was
 * resolved. Linux says it of the open file itself; elsewhere the path is looked at again, which leaves a gap for one who
 * puts the folder back in time.
 */
async function pathOf(handle: FileHandle, path: string, opened: Stats): Promise<string | undefined> {
  const own = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => '')
  if (own.startsWith('/')) return own
  const real = await realpath(path).catch(() => undefined)
  const now = real && (await stat(real).catch(() => undefined))
  return now && now.ino === opened.ino && now.dev === opened.dev ? real : undefined
}
