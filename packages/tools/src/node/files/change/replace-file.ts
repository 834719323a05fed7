import { constants, renameSync, type Stats } from 'node:fs'
import { access, type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fingerprintOf } from '../file-state.ts'
import { openFolder } from '../open-folder.ts'
import type { Roots } from '../roots.ts'
import { type Overwriting, overwriteFile } from './overwrite-file.ts'
import { leftoverName, removeLeftovers } from './remove-leftovers.ts'
import { changed, whileUnchanged } from './while-unchanged.ts'

/** A file to be put in another's place, or where there is none. */
export interface Replacement {
  /** A real path. */
  path: string
  /** What the model calls it. */
  named: string
  content: Uint8Array
  /** The file as it was when the content was made from it; `undefined` where there was none. */
  before: { stats: Stats; fingerprint: string } | undefined
}

/** What became of a {@link Replacement}. */
export interface Replaced {
  /** Of what was written. */
  fingerprint: string
  /** What the model is to be told of the way it was written. */
  note?: string | undefined
}

/**
 * Writes a file so that everyone sees the old content or the new one and nothing in between, also after a crash: it is
 * written beside it, and takes its place when it is complete. What a crash leaves there is removed later, when something
 * is written in that folder again. Folders that are missing are made. The mode is kept, and the owner as far as the system
 * allows; further attributes are not. Other hard links to the file keep the old content.
 *
 * Another process that writes the file in the very instant between the last look at it and the taking of its place is
 * not noticed.
 *
 * Where the file may be written but nothing can take its place, as one that is mounted into a container, or in a folder in
 * which nothing can be made, it is written in place, unless it has other hard links.
 *
 * @throws {Error} for the model: somebody else wrote the file or made one meanwhile, or it cannot be written
 */
export async function replaceFile(roots: Roots, replacement: Replacement, signal: AbortSignal): Promise<Replaced> {
  const { path, named, content, before } = replacement
  const folder = await openFolder(roots, dirname(path), named)
  const target = folder.at(basename(path))
  const temporary = folder.at(leftoverName())
  let handle: FileHandle | undefined
  try {
    await removeLeftovers(folder, dirname(path)).catch(() => {})
    if (before) await refuseReadOnly(target, before.stats, named)
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
    handle = await open(temporary, flags, before ? before.stats.mode & 0o777 : 0o666)
    await handle.writeFile(content)
    if (before) await keepOwnerAndMode(handle, before.stats)
    await handle.sync()
    const fingerprint = await fingerprintOf(handle)
    signal.throwIfAborted()
    const takePlace = () => renameSync(temporary, target)
    await (before ? whileUnchanged(target, before.fingerprint, takePlace) : putWhereNothingIs(temporary, target))
    return { fingerprint }
  } catch (error) {
    if (handle) await unlink(temporary).catch(() => {})
    if (before && cannotReplace(error, before.stats) && !signal.aborted) {
      return await inPlace({ target, named, content, fingerprint: before.fingerprint })
    }
    if (error === changed) throw new Error(changedNote(named))
    const { code } = error as NodeJS.ErrnoException
    throw code && !signal.aborted ? new Error(`${named} cannot be written (${code}).`) : error
  } finally {
    await handle?.close()
    await folder.close()
  }
}

function cannotReplace(error: unknown, { nlink }: Stats): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  // Another link may lie outside of the folders.
  return nlink === 1 && ['EBUSY', 'EACCES', 'EPERM', 'EROFS', 'EXDEV'].includes(code)
}

async function inPlace(overwriting: Overwriting & { named: string }): Promise<Replaced> {
  const { named } = overwriting
  try {
    const fingerprint = await overwriteFile(overwriting)
    if (!fingerprint) throw changed
    return { fingerprint, note: 'It was written in place, since no other file can take its place.' }
  } catch (error) {
    if (error === changed) throw new Error(changedNote(named))
    throw new Error(`${named} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function changedNote(named: string): string {
  return `${named} was changed by somebody else just now: use Read, then try again.`
}

/** Taking a file's place needs no right to write it, but would do so all the same. */
async function refuseReadOnly(target: string, { mode }: Stats, named: string): Promise<void> {
  const isDenied = (error: NodeJS.ErrnoException) => ['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? '')
  if (!(mode & 0o222) || (await access(target, constants.W_OK).catch(isDenied)))
    throw new Error(`${named} is read-only.`)
}

async function keepOwnerAndMode(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await handle.stat()
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid).catch(() => {})
  // Only now, since the system masks the mode of a new file.
  await handle.chmod(mode & 0o777)
}

/** A new link fails where something is, which a new name for a file does not. */
async function putWhereNothingIs(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target)
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' || (await lstat(target).catch(() => undefined))
    if (isThere) throw changed
    // Some file systems have no hard links.
    return rename(temporary, target)
  }
  await unlink(temporary)
}
