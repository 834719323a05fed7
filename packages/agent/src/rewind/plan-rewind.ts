import type { FileAccess } from '@enjamb/tools'
import type { CheckpointEntry, Entry } from '../journal/entry.ts'
import type { BlobStore } from '../journal/session-store.ts'
import { checkPoint, isTurnOpen, rewindPoints } from '../journal/turn-boundaries.ts'
import { contentId } from './record-change.ts'

/** What a rewind does to a file. */
export interface RewoundFile {
  readonly path: string
  /**
   * `restored`: it gets back what it held; `removed`: it was not there then; `unchanged`: it is what it was; `kept`: it is
   * left as it is, for the {@link RewoundFile.reason}.
   */
  readonly change: 'restored' | 'removed' | 'unchanged' | 'kept'
  /** What it held then, a blob of the store; `null` where there was no file. */
  readonly content: string | null
  /** What it holds now, by its hash. */
  readonly now: string | null
  /** Why it is left: somebody else changed it, which can be forced, or it cannot be written. */
  readonly conflict?: 'changed' | 'unavailable' | undefined
  /** The same in words. */
  readonly reason?: string | undefined
}

/** What a rewind does, or would do. */
export interface RewindPlan {
  /** The entry from which the session goes on. */
  readonly to: number
  /** Every file that tools of the session have changed since. */
  readonly files: readonly RewoundFile[]
}

export interface RewindTools {
  access: FileAccess
  blobs: BlobStore
  /** Puts back what others have changed, too. */
  force?: boolean | undefined
}

/**
 * What it takes to have the files as they were after an entry. A file that somebody else has changed, after our last change
 * or between two of them, is left alone unless forced.
 *
 * @throws {TurnBoundaryError} a turn was under way then, or the entry was rewound itself
 */
export async function planRewind(entries: readonly Entry[], to: number, tools: RewindTools): Promise<RewindPlan> {
  checkPoint(rewindPoints(entries), to)
  const files: RewoundFile[] = []
  // One after the other, as each may be large.
  for (const [path, changes] of changesSince(entries, to)) files.push(await planFile(path, changes, tools))
  return { to, files }
}

/** What tools did to a file, in order. */
interface FileChanges {
  first: CheckpointEntry
  last: CheckpointEntry
  /** What it was before the last change. */
  previous: string | null
  /** Somebody else changed it in between. */
  isBroken: boolean
}

function changesSince(entries: readonly Entry[], to: number): Map<string, FileChanges> {
  const changes = new Map<string, FileChanges>()
  let open = false
  for (const entry of entries) {
    open = isTurnOpen(open, entry)
    if (entry.type !== 'checkpoint' || entry.seq <= to) continue
    const { path, before } = entry
    const known = changes.get(path)
    const { first, last } = known ?? { first: entry, last: undefined }
    // The second of a turn has what the first had. Between turns it was a rewind, which knew what it did.
    const follows = !last || !open || before === last.after || before === last.before
    const previous = last && before === last.before ? last.after : before
    changes.set(path, { first, last: entry, previous, isBroken: !!known?.isBroken || !follows })
  }
  return changes
}

async function planFile(
  path: string,
  { first, last, previous, isBroken }: FileChanges,
  { access, blobs, force = false }: RewindTools,
): Promise<RewoundFile> {
  const content = first.before
  let now: string | null = null
  try {
    now = await contentId(await access.read(path))
  } catch (error) {
    return { path, change: 'kept', content, now, conflict: 'unavailable', reason: (error as Error).message }
  }
  const file = { path, content, now }
  if (now === content) return { ...file, change: 'unchanged' }
  // Its last change may have been written down and not made.
  const isOurs = [last.after, last.before, previous].includes(now)
  if (!force && (!isOurs || isBroken)) {
    const when = isOurs ? 'between changes of the session' : 'after the session last did'
    return { ...file, change: 'kept', conflict: 'changed', reason: `${path} was changed by somebody else ${when}.` }
  }
  if (content && !(await blobs.get(content))) {
    const reason = `What ${path} held then is no longer in the store.`
    return { ...file, change: 'kept', conflict: 'unavailable', reason }
  }
  return { ...file, change: content ? 'restored' : 'removed' }
}
