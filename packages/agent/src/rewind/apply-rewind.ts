import type { CheckpointEntry } from '../journal/entry.ts'
import type { RewindPlan, RewindTools, RewoundFile } from './plan-rewind.ts'
import { contentId } from './record-change.ts'

/**
 * Puts files back, each whole or not at all. What they hold now is written down before, as for any change, so that nothing is
 * lost. One that cannot be put back is left, and the result says so; the others are not kept from it.
 *
 * @throws whatever `append` throws: then the files before it have been put back, and doing it again does the rest
 */
export async function applyRewind(
  { to, files }: RewindPlan,
  tools: RewindTools,
  append: (entry: CheckpointEntry) => Promise<unknown>,
): Promise<RewindPlan> {
  const done: RewoundFile[] = []
  for (const file of files) done.push(await putBack(file, tools, append))
  return { to, files: done }
}

async function putBack(
  file: RewoundFile,
  { access, blobs }: RewindTools,
  append: (entry: CheckpointEntry) => Promise<unknown>,
): Promise<RewoundFile> {
  const { path, change, content } = file
  if (change !== 'restored' && change !== 'removed') return file
  const keep = (conflict: RewoundFile['conflict'], reason: string): RewoundFile => ({
    ...file,
    change: 'kept',
    conflict,
    reason,
  })
  let current: Uint8Array | null
  try {
    current = await access.read(path)
  } catch (error) {
    return keep('unavailable', (error as Error).message)
  }
  if ((await contentId(current)) !== file.now) return keep('changed', `${path} was changed by somebody else just now.`)
  const bytes = content === null ? null : await blobs.get(content)
  if (bytes === undefined) return keep('unavailable', `What ${path} held then is no longer in the store.`)
  const before = current && (await blobs.put(current))
  await append({ type: 'checkpoint', path, before, after: content })
  try {
    await access.write(path, bytes, current)
    return file
  } catch (error) {
    return keep('unavailable', (error as Error).message)
  }
}
