import type { FileChange } from '@enjamb/tools'
import { blobId } from '../journal/blob-id.ts'
import type { CheckpointEntry } from '../journal/entry.ts'
import type { BlobStore } from '../journal/session-store.ts'

/** Where changes of files are written down. */
export interface ChangeRecord {
  blobs: BlobStore
  /** What the turn that is under way has written down last of a file. */
  known(path: string): CheckpointEntry | undefined
  append(entry: CheckpointEntry): Promise<unknown>
}

/**
 * Writes down what a file holds before a call changes it. The content is kept once a turn, as it was before the turn first
 * changed it; where somebody else has changed the file in between, theirs is kept, too.
 */
export async function recordChange(
  { blobs, known, append }: ChangeRecord,
  { path, before, after }: FileChange,
): Promise<void> {
  const [was, will] = await Promise.all([contentId(before), contentId(after)])
  if (was === will) return
  const last = known(path)
  const kept = last?.after === was ? last.before : before && (await blobs.put(before))
  await append({ type: 'checkpoint', path, before: kept, after: will })
}

/** What a content is told by; `null` for no file. */
export async function contentId(content: Uint8Array | null): Promise<string | null> {
  return content && blobId(content)
}
