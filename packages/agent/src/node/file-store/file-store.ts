import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sessionBusy } from '../../errors/session-busy-error.ts'
import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import { checkSessionId } from '../../journal/check-session-id.ts'
import { toSessionInfo } from '../../journal/session-info.ts'
import type { SessionInfo, SessionStore } from '../../journal/session-store.ts'
import { fileBlobs } from './file-blobs.ts'
import { type BrokenLine, createJournalReader } from './journal-reader.ts'
import { type FileLease, openLease } from './open-lease.ts'
import { createPresence } from './presence.ts'
import { firstEntry, followJournal, readJournal } from './read-journal.ts'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /**
   * How long a process may be silent, stopped say, until another one may take over its sessions, in milliseconds. One that
   * has ended is noticed at once. Default 30,000.
   */
  leaseMs?: number | undefined
  /** Is told of each line that cannot be read; the others stay. Default: nothing. */
  onBroken?: ((line: BrokenLine) => void) | undefined
}

/**
 * Keeps each session in a file of its own, `<directory>/<id>.jsonl`: a line an entry, which a person can read, too.
 *
 * What was acknowledged is on the disk. One process writes a session at a time, however many share the folder; a process
 * that is killed holds up nobody. The folder has to be on a disk of this machine: network file systems do not put appends
 * whole, one behind the other.
 *
 * @example
 * const agent = createAgent({ model: 'sonnet', store: fileStore('./sessions') })
 */
export function fileStore(
  directory: string,
  { leaseMs = 30_000, onBroken = () => {} }: FileStoreOptions = {},
): SessionStore {
  const leases = new Set<FileLease>()
  const presence = createPresence(directory, leaseMs, () => {
    for (const lease of leases) lease.check()
  })
  const sourceOf = (id: string) => {
    checkSessionId(id)
    return { id, path: join(directory, `${id}.jsonl`), reader: createJournalReader(id, onBroken) }
  }

  async function infoOf(id: string): Promise<SessionInfo | undefined> {
    const { path } = sourceOf(id)
    const first = JSON.stringify(await firstEntry(id, path))
    const info = toSessionInfo(id, first)
    if (!info) return undefined
    const { mtime } = await stat(path)
    // The system's clock for files goes by ticks of some milliseconds, behind ours.
    return { ...info, updatedAt: new Date(Math.max(mtime.getTime(), info.createdAt.getTime())) }
  }

  return {
    async open(id, options = {}) {
      const lease = await openLease({ ...sourceOf(id), ...options, presence })
      leases.add(lease)
      const { release } = lease
      return { ...lease, release: () => release().finally(() => leases.delete(lease)) }
    },
    read: (id, after = 0) => readJournal(sourceOf(id), after),
    follow: (id, after, signal) => followJournal(sourceOf(id), after, signal),
    async *list({ limit = Infinity, parent } = {}) {
      const names = await readdir(directory).catch(() => [])
      const found = names.flatMap((name) => /^([\w-][\w.-]*)\.jsonl$/.exec(name)?.[1] ?? [])
      const dated = await Promise.all(
        found.map(async (id) => ({ id, at: (await stat(join(directory, `${id}.jsonl`))).mtimeMs })),
      )
      dated.sort((a, b) => b.at - a.at)
      let listed = 0
      for (const { id } of dated) {
        if (listed >= limit) return
        const info = await infoOf(id)
        if (!info || (parent && info.parent?.id !== parent)) continue
        listed++
        yield info
      }
    },
    async delete(id) {
      const source = sourceOf(id)
      try {
        for await (const _ of readJournal(source, Infinity));
      } catch (error) {
        // Of a later release's journal it cannot be told who writes it.
        if (!(error instanceof SessionNotFoundError)) throw error
      }
      const { holder } = source.reader
      if (holder && (await presence.isAlive(holder)))
        throw sessionBusy(id, { ...holder, since: new Date(holder.since) })
      await rm(source.path, { force: true })
    },
    blobs: fileBlobs(join(directory, 'blobs')),
  }
}
