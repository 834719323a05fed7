import type { FileAccess } from '@enjamb/tools'
import { blobId } from '../../journal/blob-id.ts'
import type { Entry, FoundChange } from '../../journal/entry.ts'
import { artifactType } from './artifact-type.ts'
import { contentOf } from './listed-changes.ts'
import type { TaskArtifact } from './task-artifact.ts'

interface Change {
  /** `null` where there was no file. */
  before: string | null
  after: string | null
  at: Date
}

/**
 * The files that differ from what they were, by the checkpoints in journals, which say it of the tools' own changes; and by
 * what was found at the end of a task, of commands.
 *
 * @param files where there are none, what the journals say of the files is believed
 */
export async function findArtifacts(entries: readonly Entry[], files: FileAccess | undefined): Promise<TaskArtifact[]> {
  const changes = firstChanges(entries)
  const artifacts: TaskArtifact[] = []
  for (const [path, { before, after, at: createdAt }] of changes) {
    const now = await contentOf(files, path)
    const id = now === undefined ? after : now && (await blobId(now))
    if (id === before) continue
    const change = before === null ? 'created' : id === null ? 'deleted' : 'modified'
    artifacts.push({ type: now ? artifactType(now) : 'file', path, change, sizeBytes: now?.length ?? 0, createdAt })
  }
  for (const { at, ...one } of foundChanges(entries)) {
    if (!changes.has(one.path)) artifacts.push({ ...one, createdAt: new Date(at) })
  }
  return artifacts.sort((a, b) => +a.createdAt - +b.createdAt || (a.path < b.path ? -1 : 1))
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

/** Of a task that was gone on with, several times, what it came to in all. */
function foundChanges(entries: readonly Entry[]): Iterable<FoundChange> {
  const found = new Map<string, FoundChange>()
  for (const one of entries.flatMap((entry) => (entry.type === 'task' ? entry.files : []))) {
    const first = found.get(one.path)
    const wasThere = (first ?? one).change !== 'created'
    const isThere = one.change !== 'deleted'
    if (!wasThere && !isThere) found.delete(one.path)
    else {
      const change = wasThere ? (isThere ? 'modified' : 'deleted') : 'created'
      found.set(one.path, { ...one, change, at: (first ?? one).at })
    }
  }
  return found.values()
}
