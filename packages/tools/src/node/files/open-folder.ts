import { constants, type Dir } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, opendir, readlink } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { outside } from './resolve-path.ts'
import { isWithin, type Roots } from './roots.ts'

/** A folder held fast, so that names in it stay names in it, whatever becomes of the way to it. */
export interface OpenFolder {
  /** A path by which something directly in the folder is reached. */
  at(name: string): string
  /** What is directly in it. */
  list(): Promise<Dir>
  close(): Promise<void>
}

/**
 * Opens a folder by its real path, walking down from one of the folders that may be used and making those that are
 * missing. A link that takes a folder's place meanwhile is not followed: on Linux each step starts from the folder that
 * the step before has open. Elsewhere each step is looked at before it is taken, which leaves a gap for one who puts the
 * link there in between.
 *
 * @throws {Error} for the model: something on the way is no folder, or none can be made
 */
export async function openFolder(roots: Roots, path: string, named: string): Promise<OpenFolder> {
  const root = roots.folders.find((one) => isWithin(one, path))
  if (!root) throw outside(roots, named)
  let folder: OpenFolder | undefined
  try {
    folder = await holdFolder(root, root)
    for (const name of relative(root, path).split(sep).filter(Boolean)) {
      const below = folder.at(name)
      if (!(await lstat(below).catch(() => undefined))) await mkdir(below).catch(unlessThere)
      const next = await holdFolder(below)
      await folder.close()
      folder = next
    }
    return folder
  } catch (error) {
    await folder?.close()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR' || code === 'ELOOP') throw new Error(`A part of ${named} before its last is no folder.`)
    throw code ? new Error(`${named} cannot be reached (${code}).`) : error
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

/** Opens a folder that exists. `expected` is where it must turn out to be. */
export async function holdFolder(path: string, expected?: string): Promise<OpenFolder> {
  if (process.platform !== 'linux') return look(path)
  let handle: FileHandle | undefined
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
    const held = handle
    const own = `/proc/self/fd/${held.fd}`
    const real = await readlink(own).catch(() => undefined)
    if (expected && real && real !== expected) throw new Error(`${expected} is no longer the folder that it was.`)
    const at = (name: string) => `${own}/${toName(name)}`
    if (real) return { at, list: () => opendir(own), close: () => held.close() }
    // A system without /proc.
    await held.close()
    return await look(path)
  } catch (error) {
    await handle?.close()
    throw error
  }
}

async function look(path: string): Promise<OpenFolder> {
  const stats = await lstat(path)
  if (!stats.isDirectory()) throw Object.assign(new Error('It is no folder.'), { code: 'ENOTDIR' })
  return { at: (name) => join(path, toName(name)), list: () => opendir(path), close: async () => {} }
}

/** What is not a single name would lead elsewhere. */
function toName(name: string): string {
  if (!name || name !== basename(name) || name === '.' || name === '..') throw new Error(`"${name}" is no file name.`)
  return name
}
