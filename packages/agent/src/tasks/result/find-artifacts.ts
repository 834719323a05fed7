import type { FileAccess, FileStamp } from '@enjamb/tools'
import { blobId } from '../../journal/blob-id.ts'
import type { Entry } from '../../journal/entry.ts'
import type { TaskArtifact } from './task-artifact.ts'

/** Files without their content. */
export type FileList = ReadonlyMap<string, FileStamp> | undefined

interface Change {
  /** `null` where there was no file. */
  before: string | null
  after: string | null
  at: Date
}

/**
 * The files that differ from what they were, by the checkpoints in journals, which say it of the tools' own changes; and by
 * lists of the files from before and after.
 *
 * @param files where there are none, what the journals say of the files is believed
 */
export async function findArtifacts(
  entries: readonly Entry[],
  files: FileAccess | undefined,
  lists: { before: FileList; after: FileList },
): Promise<TaskArtifact[]> {
  const changes = firstChanges(entries)
  const found: TaskArtifact[] = []
  for (const [path, { before, after, at }] of changes) {
    const now = await contentOf(files, path)
    const id = now === undefined ? after : now && (await blobId(now))
    if (id !== before) found.push(toArtifact(path, before !== null, id !== null, now?.length ?? 0, at))
  }
  const { before, after } = lists
  if (before && after) {
    const seen = new Date()
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(path), after.get(path)]
      if (changes.has(path) || was?.version === is?.version) continue
      found.push(toArtifact(path, !!was, !!is, is?.sizeBytes ?? 0, seen))
    }
  }
  return found.sort((a, b) => +a.createdAt - +b.createdAt || (a.path < b.path ? -1 : 1))
}

function toArtifact(path: string, was: boolean, is: boolean, sizeBytes: number, createdAt: Date): TaskArtifact {
  const change = was ? (is ? 'modified' : 'deleted') : 'created'
  return { type: 'file', path, change, sizeBytes, createdAt }
}

/** Of each file what it held before the first change, and what it was changed to last. */
function firstChanges(entries: readonly Entry[]): Map<string, Change> {
  const changes = new Map<string, Change>()
  const checkpoints = entries.filter((entry) => entry.type === 'checkpoint')
  for (const { path, before, after, at } of checkpoints.sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const known = changes.get(path)
    if (known) known.after = after
    else changes.set(path, { before, after, at: new Date(at) })
  }
  return changes
}

/** `undefined` where nobody can say. */
async function contentOf(files: FileAccess | undefined, path: string): Promise<Uint8Array | null | undefined> {
  try {
    return await files?.read(path)
  } catch {
    return undefined
  }
}
