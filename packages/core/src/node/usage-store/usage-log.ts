import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { EnjambError } from '../../errors/enjamb-error.ts'
import { appendNow } from './append-now.ts'
import { createLogSegments } from './log-segments.ts'
import { parseEntries, type UsageLogEntry } from './usage-log-entry.ts'

export interface UsageLogOptions {
  directory: string
  /** A file beyond this size, and twice what it began with, is followed by a shorter one. */
  maxBytes: number
  /** Waits for the disk, too. */
  fsync: boolean
  /** Takes each entry, in the order that all processes see. */
  onEntry(entry: UsageLogEntry): void
  /** Forgets all entries: what they came to follows. */
  onReset(): void
  /** What all entries so far come to. */
  summary(): UsageLogEntry[]
  /** What these entries of a whole file come to, whatever was read so far. */
  summaryOf(entries: UsageLogEntry[]): UsageLogEntry[]
}

export interface UsageLog {
  /**
   * Reads what others have written, then writes, and reads that back, until nothing is left to write.
   *
   * @param entries asked again after every reading; those that it still gives are not in the log
   */
  sync(entries: () => UsageLogEntry[]): Promise<void>
  /**
   * Writes an entry before it returns, if it can, where it counts: what happens to this process after that cannot undo
   * it, whoever sealed the file meanwhile. {@link sync} tells whether it is in the log.
   */
  writeNow(entry: UsageLogEntry): void
}

const maxTries = 1_000
const noFile = 'ENOENT'

/**
 * A log that many processes append to, without a lock: the system puts each append whole after the one before, that
 * order is the same for all, and what an entry comes to follows from the entries before it. So a process reads back what
 * it wrote to learn what came of it, and one that is killed or stopped at any point holds up nobody.
 *
 * A file that has grown too long is sealed by an entry, after which nothing counts. What it came to, which is the same
 * for all who read it, begins the next file; whoever comes first makes that, whole or not at all.
 */
export function createUsageLog(options: UsageLogOptions): UsageLog {
  const { directory, maxBytes, fsync, onEntry, onReset } = options
  let number = 0
  let offset = 0
  let sealed = false
  let torn = false
  let inode = 0
  let carriedBytes = 0

  const segments = createLogSegments(directory, fsync)

  function start(at: number): void {
    number = at
    offset = 0
    sealed = false
    inode = 0
    carriedBytes = 0
    onReset()
  }

  async function openCurrent(): Promise<FileHandle> {
    for (;;) {
      if (number === 0) {
        const found = segments.newest()
        if (!found) segments.make(1, [])
        start(found || 1)
      }
      try {
        // Never made here: a file that is gone was followed by another one.
        const handle = await open(segments.pathOf(number), constants.O_RDWR | constants.O_APPEND)
        const { ino, size } = await handle.stat()
        inode ||= ino
        if (ino === inode && size >= offset) return handle
        // Another file by its name, or one that somebody cut.
        await handle.close()
        number = 0
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== noFile) throw error
        number = 0
      }
    }
  }

  async function read(handle: FileHandle): Promise<void> {
    const { size } = await handle.stat()
    // What is read is acted upon, whoever wrote it.
    if (fsync) await handle.datasync()
    const buffer = Buffer.allocUnsafe(size - offset)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1
    torn = end < bytesRead
    if (!sealed) {
      const found = parseEntries(buffer.toString('utf8', 0, end), segments.pathOf(number))
      carriedBytes += found.carriedLength
      for (const entry of found.entries) onEntry(entry)
      sealed = found.sealed
    }
    offset += end
  }

  async function write(handle: FileHandle, entries: UsageLogEntry[]): Promise<void> {
    const all: UsageLogEntry[] =
      offset > Math.max(maxBytes, 2 * carriedBytes) ? [...entries, { type: 'seal' }] : entries
    // A line that somebody did not finish must not swallow ours.
    const text = `${torn ? '\n' : ''}${all.map((entry) => `${JSON.stringify(entry)}\n`).join('')}`
    // In one call, for only that is one append. Where it is cut short, what is missing is found missing.
    await handle.write(Buffer.from(text))
  }

  async function moveOn(): Promise<void> {
    if (segments.newest() === number) {
      segments.make(number + 1, options.summary())
      await segments.tidy(number)
    }
    start(segments.newest())
  }

  async function sync(entries: () => UsageLogEntry[]): Promise<void> {
    for (let tries = 0; tries < maxTries; tries++) {
      const handle = await openCurrent()
      try {
        await read(handle)
        const wanted = sealed ? [] : entries()
        if (wanted.length) {
          await write(handle, wanted)
          await read(handle)
        }
        if (!sealed && entries().length === 0) return
      } finally {
        await handle.close()
      }
      if (sealed) await moveOn()
    }
    throw new EnjambError(`${segments.pathOf(number)} takes no entries.`)
  }

  function writeNow(entry: UsageLogEntry): void {
    const line = JSON.stringify(entry)
    try {
      for (let at = sealed ? 0 : number, from = at ? offset : 0; ; from = 0) {
        at ||= segments.newest()
        if (!at) return
        const path = segments.pathOf(at)
        const found = appendNow(path, line, from, fsync)
        if (found === 'counts') return
        // Behind a seal. Whoever set it may have ended before the next file was there.
        if (found && segments.newest() === at) {
          const { entries } = parseEntries(found.text, path)
          segments.make(at + 1, options.summaryOf(entries))
        }
        at = 0
      }
    } catch {
      // Whoever asks next finds it missing.
    }
  }

  return { sync, writeNow }
}
