import { unlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { openFolder } from '../open-folder.ts'
import type { Roots } from '../roots.ts'
import type { CurrentFile } from './current-file.ts'
import { changed, whileUnchanged } from './while-unchanged.ts'

/**
 * Removes a file that still is what it was.
 *
 * @throws {Error} somebody else changed it meanwhile, it is read-only, or cannot be removed
 */
export async function removeFile(roots: Roots, path: string, { before }: CurrentFile): Promise<void> {
  if (!(before.stats.mode & 0o222)) throw new Error(`${path} is read-only.`)
  const folder = await openFolder(roots, dirname(path), path)
  try {
    const target = folder.at(basename(path))
    await whileUnchanged(target, before.fingerprint, () => unlinkSync(target))
  } catch (error) {
    if (error === changed) throw new Error(`${path} was changed by somebody else just now.`)
    throw new Error(`${path} cannot be removed (${(error as NodeJS.ErrnoException).code}).`)
  } finally {
    await folder.close()
  }
}
