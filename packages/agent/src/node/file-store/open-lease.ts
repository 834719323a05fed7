import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isEnjambError } from '@enjamb/core'
import { sessionBusy } from '../../errors/session-busy-error.ts'
import { sessionLost } from '../../errors/session-lost-error.ts'
import { sessionNotFound } from '../../errors/session-not-found-error.ts'
import { SessionStoreError } from '../../errors/session-store-error.ts'
import type { Entry, NewEntry } from '../../journal/entry.ts'
import type { Lease, OpenOptions } from '../../journal/session-store.ts'
import { claimLine, entryLines, releaseLine, voidLine } from './journal-line.ts'
import type { JournalReader } from './journal-reader.ts'
import type { Presence } from './presence.ts'
import { readOn } from './read-on.ts'

/** A lease on a file, and a way to look whether it is still held. */
export interface FileLease extends Lease {
  check(): void
}

interface LeaseSettings extends OpenOptions {
  id: string
  path: string
  reader: JournalReader
  presence: Presence
}

interface Batch {
  entries: readonly NewEntry[]
  resolve(seq: number): void
  reject(error: unknown): void
}

const errorCode = (error: unknown) => (error as NodeJS.ErrnoException).code

/**
 * Takes the lease of a session's file by a line at its end, and adds entries to it.
 *
 * No lock is needed: the system puts each append whole behind the one before, and what a line comes to follows from those
 * before it. So whoever has written reads back what came in between; a process that was stopped in the middle of it, for
 * however long, can spoil nothing.
 */
export async function openLease({ id, path, reader, presence, create, owner }: LeaseSettings): Promise<FileLease> {
  const lost = new AbortController()
  let mine = 0
  let waiting: Batch[] = []
  let working: Promise<void> | undefined
  let released = false
  // A write that failed may have left a part of itself.
  let dirty = false

  async function withFile<T>(flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
    let file: FileHandle | undefined
    try {
      file = await open(path, constants.O_RDWR | constants.O_APPEND | flags, 0o600)
      return await work(file)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw sessionNotFound(id)
      if (isEnjambError(error) || !errorCode(error)) throw error
      throw new SessionStoreError(
        `The journal of session ${id} could not be written (${(error as Error).message}). What was acknowledged is safe: ` +
          'see to the disk, then go on.',
        { cause: error },
      )
    } finally {
      await file?.close()
    }
  }

  async function add(file: FileHandle, text: string): Promise<number> {
    // A line that somebody did not finish must not swallow ours.
    const bytes = Buffer.from(`${reader.torn || dirty ? '\n' : ''}${text}`)
    dirty = true
    // In one call, for only that is one append.
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' })
    await file.datasync()
    dirty = false
    return bytesWritten
  }

  async function claim(file: FileHandle): Promise<void> {
    await readOn(file, reader)
    for (;;) {
      const { holder } = reader
      if (holder && (await presence.isAlive(holder))) {
        throw sessionBusy(id, { ...holder, since: new Date(holder.since) })
      }
      mine = reader.lease + 1
      await add(file, claimLine(mine, self))
      await readOn(file, reader)
      if (reader.holder?.token === self.token) return
    }
  }

  function lose(): Error {
    const error = sessionLost(id, released ? 'its lease was released' : undefined)
    lost.abort(error)
    return error
  }

  async function write(batches: Batch[]): Promise<void> {
    await withFile(0, async (file) => {
      const at = new Date().toISOString()
      const repair = dirty ? voidLine(mine) : ''
      let { lastSeq } = reader
      const groups = batches.map(({ entries }) =>
        entries.map((entry): Entry => ({ v: 1, seq: ++lastSeq, at, ...entry })),
      )
      const added = await add(file, repair + groups.map((entries) => entryLines(mine, entries)).join(''))
      const written = new Set(
        (await readOn(file, reader, added)).map(({ entry, lease }) => lease === mine && entry.seq),
      )
      batches.forEach(({ resolve, reject }, n) => {
        const last = groups[n]!.at(-1)?.seq ?? reader.lastSeq
        // What stands behind somebody else's claim is not in the journal.
        if (written.has(last) || !groups[n]!.length) resolve(last)
        else reject(lose())
      })
      if (reader.lease !== mine) lose()
    })
  }

  async function work(): Promise<void> {
    while (waiting.length) {
      const batches = waiting
      waiting = []
      try {
        if (lost.signal.aborted) throw lost.signal.reason
        await write(batches)
      } catch (error) {
        for (const { reject } of batches) reject(error)
      }
    }
    working = undefined
  }

  const self = await presence.enter(owner)
  try {
    if (create) await mkdir(dirname(path), { recursive: true })
    await withFile(create ? constants.O_CREAT : 0, claim)
    if (create && reader.lastSeq === 0) await syncFolder(dirname(path))
  } catch (error) {
    await presence.leave()
    throw error
  }

  return {
    lost: lost.signal,
    append: (entries) =>
      new Promise((resolve, reject) => {
        if (released) return reject(lose())
        waiting.push({ entries, resolve, reject })
        // In the next step: what comes at the same time goes to the disk together.
        working ??= Promise.resolve().then(work)
      }),
    async release() {
      if (released) return
      released = true
      await working
      try {
        if (!lost.signal.aborted) await withFile(0, (file) => add(file, releaseLine(mine)))
      } finally {
        await presence.leave()
      }
    },
    check() {
      if (released) return
      withFile(0, async (file) => {
        await readOn(file, reader)
        if (reader.lease !== mine) lose()
      }).catch(() => {})
    },
  }
}

/** A file that was made is there after a power cut only if its folder is written, too. Not every system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
