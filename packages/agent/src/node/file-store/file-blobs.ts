import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blobId, isBlobId } from '../../journal/blob-id.ts'
import type { BlobStore } from '../../journal/session-store.ts'

/** Blobs as files, by their hash. */
export function fileBlobs(directory: string): BlobStore {
  const pathOf = (id: string) => join(directory, id.slice(7, 9), id.slice(7))
  return {
    async put(bytes) {
      const id = await blobId(bytes)
      const path = pathOf(id)
      if (await stat(path).catch(() => undefined)) return id
      await mkdir(dirname(path), { recursive: true })
      // Whole or not at all: a name says what is in it.
      const draft = `${path}.${crypto.randomUUID()}.tmp`
      try {
        const file = await open(draft, 'wx', 0o600)
        try {
          await file.writeFile(bytes)
          await file.datasync()
        } finally {
          await file.close()
        }
        await rename(draft, path)
      } finally {
        await rm(draft, { force: true })
      }
      return id
    },
    async get(id) {
      if (!isBlobId(id)) return undefined
      try {
        return new Uint8Array(await readFile(pathOf(id)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
  }
}
