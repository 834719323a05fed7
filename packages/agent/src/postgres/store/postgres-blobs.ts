import { blobId, isBlobId } from '../../journal/blob-id.ts'
import type { BlobStore } from '../../journal/session-store.ts'
import type { Database } from '../connection/database.ts'

/** Bytes by their content, apart from the transactions of entries: what an entry names is there before the entry is. */
export function postgresBlobs(database: Database): BlobStore {
  const { schema } = database
  return {
    async put(bytes) {
      const id = await blobId(bytes)
      const doing = `The blob ${id} could not be written`
      const known = await database.query(doing, `SELECT FROM ${schema}.blobs WHERE id = $1`, [id])
      if (known.length) return id
      const text = `INSERT INTO ${schema}.blobs (id, bytes) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
      await database.query(doing, text, [id, bytes])
      return id
    },
    async get(id) {
      if (!isBlobId(id)) return undefined
      const [found] = await database.query(
        `The blob ${id} could not be read`,
        `SELECT bytes FROM ${schema}.blobs WHERE id = $1`,
        [id],
      )
      return found && new Uint8Array(found.bytes)
    },
  }
}
