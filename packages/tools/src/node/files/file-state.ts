import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

/** Larger files are known by size, time and place on the disk instead. */
const maxHashedBytes = 20 * 1024 * 1024
const chunkBytes = 65_536

/**
 * What a conversation knows of the files: as which content it last saw them. It lets the tools that change files refuse
 * one that was not read, or that somebody else has changed since. One for each conversation; nothing of it is stored.
 */
export interface FileState {
  /** Notes that the model knows the content with this fingerprint. `path` is a real path, as everywhere here. */
  remember(path: string, fingerprint: string): void
  /** @throws {Error} for the model: it has not seen this content; `named` is what it calls the file */
  check(path: string, fingerprint: string, named: string): void
  /** Works on a file when nobody else in this process does. */
  exclusively<Result>(path: string, work: () => Promise<Result>): Promise<Result>
}

/** For all conversations, since an agent and those that work for it may change the same files. */
const busy = /* @__PURE__ */ new Map<string, Promise<unknown>>()

/** A new memory of what was read, for tools that are to share one: `files` of each. */
export function createFileState(): FileState {
  const known = new Map<string, string>()
  return {
    remember(path, fingerprint) {
      known.set(path, fingerprint)
    },
    check(path, fingerprint, named) {
      const seen = known.get(path)
      if (!seen) throw new Error(`${named} exists, and you have not read it: use Read first.`)
      if (seen !== fingerprint) throw new Error(`${named} has changed since you read it: use Read again.`)
    },
    exclusively(path, work) {
      const outcome = (busy.get(path) ?? Promise.resolve()).then(work)
      const settled: Promise<unknown> = outcome
        .catch(() => {})
        .then(() => busy.get(path) === settled && busy.delete(path))
      busy.set(path, settled)
      return outcome
    },
  }
}

/** Stands for a file's content: a hash, so that neither a touched file counts as changed nor one with its old time put back as the same. */
export async function fingerprintOf(handle: FileHandle): Promise<string> {
  const { size, mtimeMs, ino } = await handle.stat()
  const hash = createHash('sha256')
  const chunk = Buffer.alloc(chunkBytes)
  // It may grow as fast as it is read.
  for (let position = 0; Math.max(position, size) <= maxHashedBytes; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position)
    if (!bytesRead) return hash.digest('base64')
    hash.update(chunk.subarray(0, bytesRead))
    position += bytesRead
  }
  return `${size} ${mtimeMs} ${ino}`
}
