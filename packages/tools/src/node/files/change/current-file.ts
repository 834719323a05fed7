import type { Buffer } from 'node:buffer'
import { lstat } from 'node:fs/promises'
import { fingerprintOf } from '../file-state.ts'
import { openFile } from '../open-file.ts'
import type { Roots } from '../roots.ts'
import type { Replacement } from './replace-file.ts'

/** A file before it is changed. */
export interface CurrentFile {
  before: NonNullable<Replacement['before']>
  content: Buffer
}

/**
 * What is at a real path; `undefined` where nothing is.
 *
 * @throws {Error} for the model: it is no file inside the folders, or cannot be read
 */
export async function currentFile(roots: Roots, path: string, named: string): Promise<CurrentFile | undefined> {
  try {
    await lstat(path)
  } catch {
    return undefined
  }
  const { handle, stats } = await openFile(roots, named, path)
  try {
    const fingerprint = await fingerprintOf(handle)
    return { before: { stats, fingerprint }, content: await handle.readFile() }
  } finally {
    await handle.close()
  }
}
