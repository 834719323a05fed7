import type { PageCursorParams } from './page.ts'

/**
 * A file that the API keeps, for messages to refer to by its id. All times are RFC 3339.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/files
 */
export interface FileMetadata {
  id: string
  type: 'file'
  filename: string
  mime_type: string
  size_bytes: number
  created_at: string
  /** Only what tools have made can be downloaded, not what was uploaded. */
  downloadable?: boolean
  /** `null` where it is kept until it is deleted. */
  expires_at?: string | null
}

/** Which files to list, the newest first. */
export interface FileListParams extends PageCursorParams {
  /** Only these, at most 100, and those that are not there left out; not together with `limit` or `page`. */
  ids?: string[] | null
}

/** The answer to the deletion of a file. */
export interface DeletedFile {
  id: string
  type?: 'file_deleted'
}
