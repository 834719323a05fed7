/** A file that a task made, changed or removed. */
export interface TaskArtifact {
  /**
   * What is in it: `text` (UTF-8 without a NUL), `image` (PNG, JPEG, GIF, WebP), `document` (PDF). `file` is anything else, what was
   * deleted, and what is too large to look at, with more than 10 MB.
   */
  type: 'text' | 'image' | 'document' | 'file'
  /** Absolute. */
  path: string
  change: 'created' | 'modified' | 'deleted'
  /** As it is in the end; 0 where it is deleted. */
  sizeBytes: number
  /** When the task first changed it; of what a command did, when that was seen. */
  createdAt: Date
}
