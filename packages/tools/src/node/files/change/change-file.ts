import type { Buffer } from 'node:buffer'
import type { ToolContext } from '../../../define/tool.ts'
import { type FileState, fingerprintOf } from '../file-state.ts'
import { type OpenFile, openFile } from '../open-file.ts'
import { resolvePath } from '../resolve-path.ts'
import type { Roots } from '../roots.ts'
import { replaceFile } from './replace-file.ts'

/** What may be changed in part; more of it would be in memory several times. */
const maxChangeBytes = 20 * 1024 * 1024

/** What a change makes of a file. */
export interface Change {
  content: Buffer
  /** For the model. */
  report: string
}

interface ChangeContext extends Pick<ToolContext, 'signal' | 'checkpoint'> {
  roots: Roots
  files: FileState
}

/**
 * Changes a file that the model has read, whole or not at all; see `replaceFile`. Nothing is written when the change or the
 * checkpoint throws.
 *
 * @throws {Error} for the model: it cannot be read or written, has not been read or was changed since, or is too large
 */
export async function changeFile(
  { roots, files, signal, checkpoint }: ChangeContext,
  named: string,
  change: (content: Buffer) => Change | Promise<Change>,
): Promise<string> {
  const path = await resolvePath(roots, named)
  return files.exclusively(path, async () => {
    signal.throwIfAborted()
    const { content, before } = await readKnown(files, await openFile(roots, named, path), named)
    const changed = await change(content)
    await checkpoint({ path, before: content, after: changed.content })
    const { fingerprint, note } = await replaceFile(roots, { path, named, content: changed.content, before }, signal)
    files.remember(path, fingerprint)
    return note ? `${changed.report} ${note}` : changed.report
  })
}

async function readKnown(files: FileState, { handle, path, stats }: OpenFile, named: string) {
  try {
    const fingerprint = await fingerprintOf(handle)
    files.check(path, fingerprint, named)
    if (stats.size > maxChangeBytes) throw new Error(`${named} has more than the 20 MiB that can be changed in part.`)
    return { content: await handle.readFile(), before: { stats, fingerprint } }
  } finally {
    await handle.close()
  }
}
