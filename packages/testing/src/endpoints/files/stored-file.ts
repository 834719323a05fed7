import type { Bytes } from '../../bytes.ts'
import type { MockFile } from '../../mock-options.ts'

/** An uploaded file. */
export interface StoredFile {
  /** As the API shows it. */
  info: {
    id: string
    type: 'file'
    filename: string
    mime_type: string
    size_bytes: number
    created_at: string
    downloadable: boolean
    expires_at: string | null
  }
  bytes: Bytes
}

/** A file that a tool has made: unlike an uploaded one it can be downloaded. */
export function madeFile(file: MockFile, madeAt: number): StoredFile {
  const { id, filename, mimeType: mime_type = 'application/octet-stream', content } = file
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const created_at = new Date(madeAt).toISOString()
  const info = { id, type: 'file' as const, filename, mime_type, size_bytes: bytes.length, created_at }
  return { info: { ...info, downloadable: true, expires_at: null }, bytes }
}
