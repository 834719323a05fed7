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
  bytes: Uint8Array<ArrayBuffer>
}
